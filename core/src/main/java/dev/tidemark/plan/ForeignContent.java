package dev.tidemark.plan;

import java.util.List;
import java.util.stream.Collectors;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.history.History;
import dev.tidemark.history.foreign.OtherHistory;
import dev.tidemark.history.foreign.SchemaContent;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.plan.policy.PlanPolicy;

/**
 * Asks a person what a database is that holds something, but has no history of versions.
 */
final class ForeignContent {

	private static final int LISTED = 20;

	private ForeignContent() {
	}

	/**
	 * Tells what is there, and what each answer would do.
	 * @param history a history without a version, and what is there
	 * @param newest the newest version among the files
	 * @param migrations the files
	 * @param policy which of them run
	 */
	static Problem problem(History history, MigrationVersion newest, List<Migration> migrations, PlanPolicy policy) {
		OtherTools tools = new OtherTools(history, migrations, policy);
		SchemaContent content = history.content();
		List<Migration> versions = migrations.stream()
			.filter((migration) -> migration.identity().isVersioned())
			.toList();
		String baseline = SettingNames.name("baseline.version");
		String schemas = (content.schemas().size() == 1) ? "The schema " : "The schemas ";
		return Problem.error(ErrorCode.NOT_EMPTY, null,
				schemas + String.join(", ", content.schemas()) + ((content.schemas().size() == 1) ? " has" : " have")
						+ " no history" + ((history.lastRank() > 0) ? " of versions" : "") + ", but " + content + "."
						+ tools.seen() + others(content),
				((content.histories().isEmpty()) ? ""
						: "If one of these histories is that of these migrations, set "
								+ SettingNames.name("history.table") + " to the name of its table. If not: ")
						+ "Decide what this database is, and start again with one of these settings:\n" + tools.advice()
						+ baseline + "=<version>" + tools.otherwise() + ": it is at "
						+ "that version already, which and all below count as done and do not run; version " + newest
						+ " would mark " + listed(versions) + "\n" + baseline + "=" + Baseline.NOTHING
						+ tools.otherwise()
						+ ": it has nothing of the migrations, and all of them run beside what is there");
	}

	/**
	 * A history under a mistyped name is the one thing that must not be taken for
	 * content.
	 */
	private static String others(SchemaContent content) {
		return content.histories().isEmpty() ? "" : " There "
				+ ((content.histories().size() == 1) ? "is a history" : "are histories") + " of other migrations: "
				+ content.histories().stream().map(OtherHistory::toString).collect(Collectors.joining(", ")) + ".";
	}

	private static String listed(List<Migration> versions) {
		if (versions.isEmpty()) {
			return "no file";
		}
		String listed = versions.stream()
			.limit(LISTED)
			.map((migration) -> migration.identity() + " (" + migration.description() + ")")
			.collect(Collectors.joining(", "));
		return (versions.size() > LISTED) ? listed + " and " + (versions.size() - LISTED) + " more" : listed;
	}

}
