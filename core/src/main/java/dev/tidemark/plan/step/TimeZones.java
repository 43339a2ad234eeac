package dev.tidemark.plan.step;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.SetParameter;
import dev.tidemark.statement.parse.SessionEffects;

/**
 * Finds a time zone that a file sets for its session and that later files of the run
 * would have where all files share one session, as with Flyway: they would store other
 * values without a word.
 * <p>
 * Of roles and search paths nothing is told. Flyway, too, sets both back before each
 * file, and dumps set the search path only for themselves.
 *
 * @since 0.1.0
 */
public final class TimeZones {

	private static final String TIME_ZONE = "timezone";

	private TimeZones() {
	}

	/**
	 * Looks for the first such file.
	 * @param steps what will run, in order
	 * @return what to tell of it, empty if there is none
	 */
	public static Optional<Problem> left(List<Step> steps) {
		for (int i = 0; i < steps.size() - 1; i++) {
			SqlStatement left = left(steps.get(i));
			if (left != null) {
				long later = steps.subList(i + 1, steps.size()).stream().filter((step) -> !says(step)).count();
				return (later > 0) ? Optional.of(problem(steps.get(i), left, later)) : Optional.empty();
			}
		}
		return Optional.empty();
	}

	/** Returns the last statement that sets the time zone, if none sets it back. */
	private static @Nullable SqlStatement left(Step step) {
		SqlStatement left = null;
		for (SqlStatement statement : step.statements()) {
			for (SetParameter setting : SessionEffects.of(statement).lasting()) {
				if (setting.concerns(TIME_ZONE)) {
					left = setting.reset() ? null : statement;
				}
			}
		}
		return left;
	}

	private static boolean says(Step step) {
		return step.statements()
			.stream()
			.flatMap((statement) -> SessionEffects.of(statement).lasting().stream())
			.anyMatch((setting) -> setting.concerns(TIME_ZONE));
	}

	private static Problem problem(Step step, SqlStatement statement, long later) {
		Place place = new Place(step.migration().script(), statement.number(), statement.line(), statement.column(),
				statement.excerpt());
		return Problem.warning(ErrorCode.SETTING_ENDS, place, "The time zone that the file sets ends with it: "
				+ ((later == 1) ? "1 migration that runs after it does" : later + " migrations that run after it do")
				+ " not get it.",
				"Nothing, if it is meant for this file; RESET timezone at its end says so. If later files count on it, as"
						+ " they may with Flyway, which runs all files in one session, let each of them say it, or set"
						+ " it for all files by " + SettingNames.name("connection.init-sql") + ".");
	}

}
