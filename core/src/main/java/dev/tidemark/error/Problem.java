package dev.tidemark.error;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.PlainText;

/**
 * One thing that is wrong, told so that an operator can act on it at once.
 *
 * @param code the stable code
 * @param severity whether it stops the run
 * @param what what happened, as a sentence
 * @param place where, or {@code null} if no file is concerned
 * @param server what the server said, or {@code null} if it said nothing
 * @param state what state the database is in now, as a sentence; of a warning, that it
 * stops nothing
 * @param remedy what to do next
 * @since 0.1.0
 */
public record Problem(ErrorCode code, Severity severity, String what, @Nullable Place place,
		@Nullable ServerError server, String state, String remedy) {

	/**
	 * Makes the texts fit to be shown, whatever names of others are in them. Only the
	 * advice may have several lines.
	 */
	public Problem {
		what = PlainText.line(what);
		state = PlainText.line(state);
		remedy = PlainText.lines(remedy);
	}

	/** The state of the database where the check came before every change. */
	public static final String UNCHANGED = "Nothing was changed.";

	/** What a warning says instead, which may be told before or after a change. */
	private static final String WARNING = "This is a warning, and stops nothing.";

	/**
	 * Makes an error that was found before anything was changed.
	 * @param code the code
	 * @param place where, or {@code null}
	 * @param what what happened
	 * @param remedy what to do next
	 * @return the problem
	 */
	public static Problem error(ErrorCode code, @Nullable Place place, String what, String remedy) {
		return new Problem(code, Severity.ERROR, what, place, null, UNCHANGED, remedy);
	}

	/**
	 * Makes a warning, which does not stop the run.
	 * @param code the code
	 * @param place where, or {@code null}
	 * @param what what happened
	 * @param remedy what to do next
	 * @return the problem
	 */
	public static Problem warning(ErrorCode code, @Nullable Place place, String what, String remedy) {
		return new Problem(code, Severity.WARNING, what, place, null, WARNING, remedy);
	}

	/**
	 * Returns the same problem with what the server said of it.
	 * @param error the server's error, or {@code null}
	 * @return the problem
	 */
	public Problem withServer(@Nullable ServerError error) {
		return new Problem(this.code, this.severity, this.what, this.place, error, this.state, this.remedy);
	}

	/**
	 * Returns the same problem with another description of the database's state.
	 * @param description what state the database is in now
	 * @return the problem
	 */
	public Problem withState(String description) {
		return new Problem(this.code, this.severity, this.what, this.place, this.server, description, this.remedy);
	}

	/**
	 * Returns the same problem with another advice.
	 * @param advice what to do next
	 * @return the problem
	 */
	public Problem withRemedy(String advice) {
		return new Problem(this.code, this.severity, this.what, this.place, this.server, this.state, advice);
	}

	/**
	 * Tells whether the problem stops the run.
	 * @return {@code true} for an error
	 */
	public boolean isError() {
		return this.severity == Severity.ERROR;
	}

	/**
	 * Returns code, event, place, server error, state and remedy, a line each.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(this.code.code()).append(' ').append(this.what);
		append(text, "where", this.place);
		append(text, "server", this.server);
		append(text, "state", this.state);
		append(text, "next", this.remedy);
		return text.toString();
	}

	private static void append(StringBuilder text, String label, @Nullable Object value) {
		if (value != null) {
			text.append("\n  ").append(label).append(": ").append(value.toString().replace("\n", "\n    "));
		}
	}

}
