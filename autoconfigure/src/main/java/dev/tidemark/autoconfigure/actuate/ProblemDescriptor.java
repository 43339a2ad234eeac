package dev.tidemark.autoconfigure.actuate;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.sql.PlainText;

/**
 * A problem as the endpoint shows it.
 *
 * @param code the stable code
 * @param severity {@code error} or {@code warning}
 * @param what what happened
 * @param where the file and as far as known statement, line and column, or {@code null}
 * @param server what the server said, or {@code null}
 * @param state what state the database is in
 * @param remedy what to do
 * @since 0.1.0
 */
public record ProblemDescriptor(String code, String severity, String what, @Nullable Place where,
		@Nullable ServerError server, String state, String remedy) {

	/** Makes the texts fit to be shown, whoever has written them. */
	public ProblemDescriptor {
		code = PlainText.line(code);
		severity = PlainText.line(severity);
		what = PlainText.line(what);
		state = PlainText.line(state);
		remedy = PlainText.lines(remedy);
	}

	static ProblemDescriptor of(Problem problem) {
		return new ProblemDescriptor(problem.code().code(), problem.severity().name().toLowerCase(Locale.ROOT),
				problem.what(), (problem.place() != null) ? problem.place().plain() : null, problem.server(),
				problem.state(), problem.remedy());
	}

	static List<ProblemDescriptor> of(List<Problem> problems) {
		return problems.stream().map(ProblemDescriptor::of).toList();
	}

}
