package dev.tidemark.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.springframework.util.ClassUtils;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.history.History;
import dev.tidemark.history.foreign.ToolHistory;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.plan.policy.PlanPolicy;

/**
 * What the histories of other tools say about where a database is. Whose baseline has
 * another version is mistaken, or means other files.
 */
final class OtherTools {

	/** What is on the class path where a tool may run. */
	private static final Map<String, String> CLASSES = Map.of("Flyway", "org/flywaydb/core/Flyway.class", "Liquibase",
			"liquibase/Liquibase.class");

	private final List<ToolHistory> histories;

	private final List<ToolHistory.Versions> comparable;

	private final List<MigrationVersion> files;

	/**
	 * Takes what was found in a database.
	 * @param history its history, which has no version, and what is there besides
	 * @param migrations the files
	 * @param policy which of them run
	 */
	OtherTools(History history, List<Migration> migrations, PlanPolicy policy) {
		this.histories = history.content().tools();
		this.comparable = this.histories.stream()
			.filter(ToolHistory.Versions.class::isInstance)
			.map(ToolHistory.Versions.class::cast)
			.toList();
		this.files = migrations.stream()
			.filter((file) -> !policy.selection().skips(file, history.last(file.identity())))
			.filter((file) -> file.identity().isVersioned())
			.flatMap((file) -> Stream.ofNullable(file.identity().version()))
			.toList();
	}

	/**
	 * Returns what has to be said before a baseline is recorded. Of several histories, it
	 * is enough that one agrees.
	 * @param wanted at what version
	 */
	List<Problem> problems(Baseline wanted) {
		List<Problem> refusals = new ArrayList<>();
		List<Problem> warnings = new ArrayList<>();
		for (ToolHistory history : this.histories) {
			if (wanted.ignores(history.table())) {
				continue;
			}
			if (history instanceof ToolHistory.Versions versions) {
				Optional<Problem> refusal = refusal(versions, wanted.version());
				if (refusal.isEmpty()) {
					return List.of();
				}
				refusals.add(refusal.get());
			}
			else if (history instanceof ToolHistory.Unreadable unreadable) {
				refusals.add(unreadable(unreadable, wanted.version()));
			}
			else {
				warnings.add(incomparable(history, wanted.version()));
			}
		}
		return refusals.isEmpty() ? warnings : refusals;
	}

	private Optional<Problem> refusal(ToolHistory.Versions history, MigrationVersion wanted) {
		if (!history.failed().isEmpty()) {
			return Optional.of(refused(
					said(wanted) + owner(history) + " has " + String.join(", ", history.failed())
							+ " as failed, so nobody knows what of it is there.",
					"Complete what failed or take it back, let " + history.tool()
							+ " repair its history (flyway repair), and start again." + otherwiseIgnore(history)));
		}
		MigrationVersion current = history.current().orElse(Baseline.NOTHING);
		if (!wanted.equals(current)) {
			return Optional.of(refused(said(wanted) + at(history) + difference(history, current, wanted),
					"Set " + setting("version") + "=" + current + ", if these are the files that " + history.tool()
							+ " ran." + otherwiseIgnore(history)));
		}
		List<MigrationVersion> missing = missing(history, wanted);
		return missing.isEmpty() ? Optional.empty()
				: Optional.of(refused(
						said(wanted) + at(history) + ", but has never run " + versions(missing)
								+ ", which would count as done.",
						"Let " + history.tool() + " run the files first, or rename them to versions above " + wanted
								+ " if they shall still run; name each one that shall not in "
								+ SettingNames.name("run.skip") + "." + otherwiseIgnore(history)));
	}

	private List<MigrationVersion> missing(ToolHistory.Versions history, MigrationVersion wanted) {
		return this.files.stream()
			.filter((version) -> version.compareTo(wanted) <= 0 && !history.has(version))
			.toList();
	}

	private static String setting(String name) {
		return SettingNames.name("baseline." + name);
	}

	private static String said(MigrationVersion wanted) {
		return "A baseline at version " + wanted + " is to be recorded. ";
	}

	private String difference(ToolHistory.Versions history, MigrationVersion current, MigrationVersion wanted) {
		if (wanted.compareTo(current) < 0) {
			return ": what it has run above version " + wanted + " would run again.";
		}
		List<MigrationVersion> missing = missing(history, wanted);
		return missing.isEmpty() ? "." : ": " + versions(missing) + " would count as done, and never run.";
	}

	private static String versions(List<MigrationVersion> versions) {
		return ((versions.size() == 1) ? "version " : "versions ")
				+ versions.stream().map(MigrationVersion::toString).collect(Collectors.joining(", "));
	}

	private static Problem unreadable(ToolHistory.Unreadable history, MigrationVersion wanted) {
		return refused(
				said(wanted) + "What " + owner(history) + " says could not be read, and so not be compared: "
						+ history.reason() + ".",
				"Grant the role that migrates SELECT on " + history.table() + ", and start again."
						+ otherwiseIgnore(history));
	}

	private static Problem refused(String what, String remedy) {
		return Problem.error(ErrorCode.BASELINE_DIFFERS, null, what, remedy);
	}

	private static String otherwiseIgnore(ToolHistory history) {
		return " If that table is about other files, or has been out of use since, say so: "
				+ ignoring(List.of(history.table())).strip() + ".";
	}

	/** A name with a comma in it is none in a list with commas. */
	private static String ignoring(List<String> tables) {
		String setting = setting("ignored-histories");
		if (tables.stream().noneMatch((table) -> table.contains(","))) {
			return " " + setting + "=" + String.join(",", tables);
		}
		return IntStream.range(0, tables.size())
			.mapToObj((i) -> " " + setting + "[" + i + "]=" + tables.get(i))
			.collect(Collectors.joining());
	}

	private static Problem incomparable(ToolHistory history, MigrationVersion wanted) {
		return Problem.warning(ErrorCode.BASELINE_DIFFERS, null,
				said(wanted) + toldOf(history) + ", so that could not be compared.",
				"Compare the schema with the one of a new database that these files have made.");
	}

	private static String owner(ToolHistory history) {
		return history.tool() + "'s history " + history.table();
	}

	private static String at(ToolHistory.Versions history) {
		return owner(history) + history.current()
			.map((version) -> " is at version " + version)
			.orElse(" has no version in the database");
	}

	private static String toldOf(ToolHistory history) {
		if (history instanceof ToolHistory.Versions versions) {
			return at(versions);
		}
		if (history instanceof ToolHistory.Changes changes) {
			return owner(history) + " has " + changes.count()
					+ ((changes.count() == 1) ? " change set" : " change sets") + ", without versions";
		}
		if (history instanceof ToolHistory.Unreadable unreadable) {
			return owner(history) + " could not be read (" + unreadable.reason() + ")";
		}
		return "The table " + history.table() + " looks like the history of " + history.tool() + ", which is not read";
	}

	/** Returns sentences about all that was seen, with a blank in front of each. */
	String seen() {
		String seen = this.histories.stream()
			.map((history) -> " " + toldOf(history) + ".")
			.collect(Collectors.joining());
		return seen + CLASSES.entrySet()
			.stream()
			.filter((entry) -> this.histories.stream().anyMatch((history) -> history.tool().equals(entry.getKey())))
			.filter((entry) -> isOnClassPath(entry.getValue()))
			.map((entry) -> " " + entry.getKey() + " is still on the class path of this application, so it may migrate"
					+ " at the same start: only one of both should.")
			.sorted()
			.collect(Collectors.joining());
	}

	/** Nothing of it is loaded for a message. */
	private static boolean isOnClassPath(String file) {
		ClassLoader classLoader = ClassUtils.getDefaultClassLoader();
		return classLoader != null && classLoader.getResource(file) != null;
	}

	/** Returns the answers that the histories of other tools suggest, each a line. */
	String advice() {
		return this.comparable.stream().map(this::advice).collect(Collectors.joining());
	}

	private String advice(ToolHistory.Versions history) {
		MigrationVersion version = history.current().orElse(Baseline.NOTHING);
		String setting = setting("version") + "=" + version + ": ";
		Optional<Problem> refusal = refusal(history, version);
		if (refusal.isPresent()) {
			Problem problem = refusal.get();
			return setting + "not yet, although " + at(history) + ". " + problem.what() + " " + problem.remedy() + "\n";
		}
		String files = this.files.stream()
			.filter((file) -> file.compareTo(version) <= 0)
			.map(MigrationVersion::toString)
			.collect(Collectors.joining(", "));
		return setting + "it is where " + owner(history) + " says that it is; "
				+ (files.isEmpty() ? "no file counts as done then" : "these files count as done then: " + files) + "\n";
	}

	/** Returns what has to be set too by who gives another answer. */
	String otherwise() {
		return this.comparable.isEmpty() ? ""
				: " with" + ignoring(this.comparable.stream().map(ToolHistory::table).toList());
	}

}
