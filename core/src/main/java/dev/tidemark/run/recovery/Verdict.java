package dev.tidemark.run.recovery;

import java.util.List;

import dev.tidemark.catalogue.OtherSession;
import dev.tidemark.sql.PlainText;

/**
 * What became of the one statement that was in doubt after a crash.
 *
 * @since 0.1.0
 */
public sealed interface Verdict {

	/**
	 * Returns what was found in the catalogue.
	 * @return one or more sentences for a person
	 */
	String seen();

	/**
	 * The effect of the statement is there: go on after it.
	 *
	 * @param seen what was found
	 * @param completion the statements that complete the effect, to be run before, each
	 * alone in auto-commit mode; mostly none
	 * @since 0.1.0
	 */
	record Done(String seen, List<String> completion) implements Verdict {

		public Done {
			seen = PlainText.line(seen);
		}

		Done(String seen, String... completion) {
			this(seen, List.of(completion));
		}

	}

	/**
	 * The effect is not there, or what is there of it is of no use: run the statement
	 * again.
	 *
	 * @param seen what was found
	 * @param cleanup the statements that remove what the first attempt left, to be run
	 * before, each alone in auto-commit mode; mostly none
	 * @since 0.1.0
	 */
	record NotDone(String seen, List<String> cleanup) implements Verdict {

		public NotDone {
			seen = PlainText.line(seen);
		}

		NotDone(String seen, String... cleanup) {
			this(seen, List.of(cleanup));
		}

	}

	/**
	 * A person has to decide.
	 *
	 * @param seen what was found
	 * @param options the ways out, each one as the SQL to type and a comment that says
	 * how to go on then; a comment alone where nothing is to be typed
	 * @since 0.1.0
	 */
	record Undecided(String seen, List<String> options) implements Verdict {

		/** The way to decide where the effect of the statement is there. */
		static final String GO_ON = "go on after the statement, by tidemark.resolve.as=continue";

		/** The way to decide where it is not. */
		static final String RUN_AGAIN = "run the statement again, by tidemark.resolve.as=retry";

		public Undecided {
			seen = PlainText.line(seen);
			options = options.stream().map(PlainText::line).toList();
		}

		Undecided(String seen, String... options) {
			this(seen, List.of(options));
		}

		/** Another session is at work on what was found. */
		static Undecided atWork(OtherSession other, String seen) {
			return new Undecided(seen + " Another session is at work on it right now: " + other + ".",
					"-- to let it finish: wait, then look again",
					"SELECT pg_catalog.pg_terminate_backend(" + other.pid() + "); -- to end it: then look again");
		}

	}

}
