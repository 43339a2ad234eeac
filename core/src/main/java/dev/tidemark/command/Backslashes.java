package dev.tidemark.command;

import java.util.List;
import java.util.Optional;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.plan.step.Step;

/**
 * Files that may mean something else where the database or the login has
 * {@code standard_conforming_strings} off, which migrations do not go by: what a file
 * does must not depend on where it runs, and its statements are told apart before
 * anything is known of the database.
 */
final class Backslashes {

	private Backslashes() {
	}

	/** Returns a warning if one of the steps holds a backslash. */
	static Optional<Problem> in(List<Step> steps) {
		return steps.stream()
			.filter((step) -> step.statements().stream().anyMatch((statement) -> statement.text().indexOf('\\') >= 0))
			.findFirst()
			.map((step) -> Problem.warning(ErrorCode.STANDARD_STRINGS, Place.file(step.migration().script()),
					"The database or the login has standard_conforming_strings off; migrations run with it on. There is a"
							+ " backslash in the file: in a string constant '...' it is an ordinary character, where psql"
							+ " would take '\\n' for a line break here.",
					"Nothing, if that is what is meant; else write E'...' before the file runs, which means the same with"
							+ " both settings."));
	}

}
