package dev.tidemark.format;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.tidemark.fixture.MigratingProcess;
import dev.tidemark.testkit.CompiledClasses;

/**
 * Another build of this engine.
 *
 * @param classPath what it is made of, and what it needs
 * @param mainClass the class that runs as an instance of it
 */
public record OtherBuild(String classPath, String mainClass) {

	private static final Path SOURCES = Path.of("src", "main", "java", "dev", "tidemark", "history");

	/**
	 * A newer version of this build, which has added a column to the history, records
	 * version 2 with the kind {@code checked}, and version 3 with the state
	 * {@code proven} when it is applied.
	 */
	static OtherBuild newer(Path folder) {
		CompiledClasses classes = new CompiledClasses(folder).add("dev.tidemark.history.Newer", """
				final class Newer {

					static String kind(HistoryEntry entry) {
						String kind = entry.undo() ? "undo" : entry.identity().kind();
						return kind.equals("versioned") && isVersion(entry, "2") ? "checked" : kind;
					}

					static Object state(HistoryEntry entry) {
						return (entry.state() == MigrationState.APPLIED && isVersion(entry, "3")) ? "proven"
								: entry.state();
					}

					static String known(String state) {
						return state.equals("proven") ? "applied" : state;
					}

					private static boolean isVersion(HistoryEntry entry, String version) {
						return version.equals(String.valueOf(entry.identity().version()));
					}

				}
				""");
		edit(classes, "HistoryLayout", List.of("MINOR = 2;", "MINOR = 3;", "adopted_rank        pg_catalog.int4",
				"adopted_rank pg_catalog.int4,\n proof pg_catalog.text NOT NULL DEFAULT 'none'"));
		edit(classes, "HistoryWrites",
				List.of("entry.undo() ? HistoryRows.UNDO : entry.identity().kind()", "Newer.kind(entry)",
						"row.entry().state()", "Newer.state(row.entry())", " entry.state()", " Newer.state(entry)",
						"literal(entry.state())", "literal(Newer.state(entry))",
						"String columns = HistoryRows.ROW_COLUMNS;",
						"add(values, \"written\"); String columns = HistoryRows.ROW_COLUMNS + \", proof\";"));
		edit(classes, "HistoryRows",
				List.of("Set.of(\"versioned\"", "Set.of(\"checked\", \"versioned\"",
						"MigrationState.recorded(recorded)", "MigrationState.recorded(Newer.known(recorded))",
						"MigrationState.recorded(text(rank, results, 7, \"state\"))",
						"MigrationState.recorded(Newer.known(text(rank, results, 7, \"state\")))"));
		return new OtherBuild(classes.compile() + File.pathSeparator + System.getProperty("java.class.path"),
				MigratingProcess.class.getName());
	}

	/** Each text that is replaced has to be there, or nothing newer would be tested. */
	private static void edit(CompiledClasses classes, String name, List<String> replacements) {
		try {
			String source = Files.readString(SOURCES.resolve(name + ".java"))
				.replace("package dev.tidemark.history;", "");
			for (int i = 0; i < replacements.size(); i += 2) {
				if (!source.contains(replacements.get(i))) {
					throw new IllegalStateException(name + " lacks '" + replacements.get(i) + "'");
				}
				source = source.replace(replacements.get(i), replacements.get(i + 1));
			}
			classes.add("dev.tidemark.history." + name, source);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
