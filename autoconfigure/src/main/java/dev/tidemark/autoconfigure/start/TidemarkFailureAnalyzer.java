package dev.tidemark.autoconfigure.start;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.PlainText;

/**
 * Tells of each problem what happened, where, what the server said and what state the
 * database is in now, and as action what to do next.
 *
 * @since 0.1.0
 */
public class TidemarkFailureAnalyzer extends AbstractFailureAnalyzer<TidemarkException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TidemarkException cause) {
		List<Problem> problems = cause.problems();
		String database = (cause.database() != null) ? "Database " + PlainText.line(cause.database()) + ": " : "";
		if (problems.size() == 1) {
			return new FailureAnalysis(database + describe(problems.get(0), ""), problems.get(0).remedy(), cause);
		}
		StringBuilder description = new StringBuilder(database).append("There are ")
			.append(problems.size())
			.append(" problems:");
		StringBuilder action = new StringBuilder();
		for (int i = 0; i < problems.size(); i++) {
			String number = (i + 1) + ". ";
			String indent = " ".repeat(number.length());
			description.append("\n\n").append(number).append(describe(problems.get(i), indent));
			action.append((i > 0) ? "\n" : "").append(number).append(indented(problems.get(i).remedy(), indent));
		}
		return new FailureAnalysis(description.toString(), action.toString(), cause);
	}

	private static String describe(Problem problem, String indent) {
		StringBuilder text = new StringBuilder(problem.code().code()).append(" ")
			.append(problem.code().title())
			.append(problem.isError() ? ": " : " (warning): ")
			.append(indented(problem.what(), indent));
		append(text, indent, "Where: ", problem.place());
		append(text, indent, "Server: ", problem.server());
		append(text, indent, "State: ", problem.state());
		return text.toString();
	}

	private static void append(StringBuilder text, String indent, String label, @Nullable Object value) {
		if (value != null) {
			String inner = indent + "    ";
			text.append("\n").append(inner).append(label).append(indented(value.toString(), inner + "    "));
		}
	}

	private static String indented(String text, String indent) {
		return text.replace("\n", "\n" + indent);
	}

}
