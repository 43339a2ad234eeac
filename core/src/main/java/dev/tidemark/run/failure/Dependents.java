package dev.tidemark.run.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.step.Step;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.parse.Statements;

/**
 * The objects that depend on what a statement drops or changes.
 *
 * @param objects the objects, such as {@code view totals}; none if neither the words of
 * the server, which may be in another language than English, nor the catalogue tell
 * @since 0.1.0
 */
public record Dependents(List<String> objects) {

	private static final String DEPENDENT_OBJECTS_STILL_EXIST = "2BP01";

	private static final String FEATURE_NOT_SUPPORTED = "0A000";

	private static final Pattern DEPENDENCY = Pattern.compile("(?:rule \\S+ on )?(.+?) depends on .+");

	private static final Pattern OTHERS = Pattern.compile("and \\d+ other objects?\\b");

	private static final String INVALID_TABLE_DEFINITION = "42P16";

	/** The server refuses to change the type of a column that a view uses in this way. */
	static boolean isConcerned(ServerError error) {
		return says(error, DEPENDENT_OBJECTS_STILL_EXIST)
				|| (says(error, FEATURE_NOT_SUPPORTED) && !of(error).objects().isEmpty());
	}

	/** Whether the server may have said so in another language than English. */
	public static boolean isPossible(ServerError error) {
		return says(error, DEPENDENT_OBJECTS_STILL_EXIST) || says(error, FEATURE_NOT_SUPPORTED);
	}

	/** Whether the server may have refused to change the columns of a view. */
	public static boolean isOfReplacedView(ServerError error, SqlStatement statement) {
		return says(error, INVALID_TABLE_DEFINITION) && statement.command().equals("CREATE VIEW");
	}

	/** Event triggers may say so as well, and whoever does is quoted. */
	private static boolean says(ServerError error, String sqlState) {
		return error.sqlState().equals(sqlState);
	}

	public static Dependents of(ServerError error) {
		List<String> objects = new ArrayList<>();
		String detail = isPossible(error) ? error.detail() : null;
		for (String line : (detail != null) ? detail.lines().toList() : List.<String>of()) {
			Matcher dependency = DEPENDENCY.matcher(line);
			Matcher others = OTHERS.matcher(line);
			String object = dependency.matches() ? dependency.group(1) : others.lookingAt() ? others.group() : null;
			if (object != null && !objects.contains(object)) {
				objects.add(object);
			}
		}
		return new Dependents(objects);
	}

	public Problem problem(Origin origin, Place place) {
		String what = "A statement of " + origin.inWords() + " drops or changes what other objects depend on"
				+ (this.objects.isEmpty() ? "; the server names them." : ": " + String.join(", ", this.objects) + ".");
		return Problem.error(ErrorCode.DEPENDENT_OBJECTS, place, what, remedy(origin));
	}

	/**
	 * Says what it takes to replace a view by one with other columns. That is no matter
	 * of dependents as long as there are none.
	 */
	public Problem ofReplacedView(Problem problem, Origin origin) {
		String remedy = "CREATE OR REPLACE VIEW keeps the columns, and can only add some at the end: drop the view before"
				+ " it in the file.";
		if (this.objects.isEmpty()) {
			return problem.withRemedy(remedy);
		}
		Identity migration = origin.migration();
		String again = (migration != null && migration.isRepeatable()) ? "put -- tidemark: depends-on="
				+ migration.typed()
				+ " at the head of each repeatable that makes one of them, so that it runs again after this one."
				: "create them again behind.";
		return problem
			.withRemedy(remedy + " Only DROP VIEW ... CASCADE does that while others depend on it, and it drops"
					+ " them too: " + String.join(", ", this.objects) + "; " + again);
	}

	private static String remedy(Origin origin) {
		if (origin.undo()) {
			return "Drop them before in the file, and create again behind what belongs to no repeatable; repeatables run"
					+ " again with the next run after an undo.";
		}
		Identity migration = origin.migration();
		return (migration != null && migration.isRepeatable())
				? "Say in the file what becomes of them: CREATE OR REPLACE leaves them alone where it is enough, and DROP"
						+ " ... CASCADE drops them too; then put -- tidemark: depends-on=" + migration.typed()
						+ " at the head of each repeatable that makes one of them, so"
						+ " that it runs again after this one."
				: "Drop them before in the file, and create them again behind; a repeatable that makes one of them runs"
						+ " after the versions, but only if its text changes too.";
	}

	/**
	 * Adds to a problem which repeatables make the objects. It is a guess by their names,
	 * to help people find the files.
	 * @param problem the problem of a step
	 * @param step the step
	 * @param files all migrations
	 * @param loader reads a file
	 */
	public Problem withFiles(Problem problem, Step step, List<Migration> files, Function<Migration, Script> loader) {
		if (this.objects.isEmpty()) {
			return problem;
		}
		List<String> found = new ArrayList<>();
		for (Migration file : files) {
			if (file.code() == null && file.identity().isRepeatable()
					&& !file.identity().equals(step.migration().identity())) {
				List<String> made = madeBy(statements(file, loader));
				if (!made.isEmpty()) {
					found.add(file.script() + " makes " + String.join(", ", made));
				}
			}
		}
		return found.isEmpty() ? problem : problem.withRemedy(problem.remedy() + " " + String.join("; ", found) + ".");
	}

	private static List<SqlStatement> statements(Migration file, Function<Migration, Script> loader) {
		try {
			return loader.apply(file).statements();
		}
		catch (TidemarkException ex) {
			// What is wrong with another file is told when that one runs.
			return List.of();
		}
	}

	private List<String> madeBy(List<SqlStatement> statements) {
		return this.objects.stream()
			.filter((object) -> statements.stream().anyMatch((statement) -> makes(statement, object)))
			.toList();
	}

	private static boolean makes(SqlStatement statement, String object) {
		String name = name(object);
		return name != null && CreatedName.of(Statements.of(statement)).filter(name::equalsIgnoreCase).isPresent();
	}

	/**
	 * Returns the name without kind, schema, quotes, arguments and what it belongs to.
	 */
	private static @Nullable String name(String object) {
		String plain = object.toLowerCase(Locale.ROOT).replaceFirst("\\(.*| (on|of) .*", "");
		Matcher name = Pattern.compile("(?:\"([^\"]+)\"|([\\w$]+))$").matcher(plain.strip());
		if (!name.find()) {
			return null;
		}
		return (name.group(1) != null) ? name.group(1) : name.group(2);
	}

}
