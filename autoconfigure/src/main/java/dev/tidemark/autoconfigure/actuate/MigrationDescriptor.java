package dev.tidemark.autoconfigure.actuate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import dev.tidemark.Inspection;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryRow.Failure;
import dev.tidemark.source.Inverse;
import dev.tidemark.plan.PlanEntry;
import dev.tidemark.run.Current;
import dev.tidemark.source.UndoSuggestion;
import dev.tidemark.source.Identity;
import dev.tidemark.source.Migration;
import dev.tidemark.source.Script;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.SqlStatement;

/**
 * One migration with all its runs, in every database that knows it.
 *
 * @param contexts what each application context knows of it, by the id of the context
 */
public record MigrationDescriptor(Map<String, ContextDescriptor> contexts) implements OperationResponseBody {

	/**
	 * What one application context knows of the migration.
	 *
	 * @param parentId the id of the parent context, or {@code null} if there is none
	 * @param tidemarks what each {@code Tidemark} knows, by the name of its bean
	 */
	public record ContextDescriptor(@Nullable String parentId, Map<String, TidemarkDescriptor> tidemarks) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public ContextDescriptor {
			parentId = PlainText.lineOrNull(parentId);
		}
	}

	/**
	 * The migration in one database.
	 *
	 * @param state the state of the database as a whole
	 * @param migration the migration, or {@code null} if the database did not answer
	 * @param current what is being done with it right now, or {@code null} if nothing is
	 * @param runs all its runs, the first one first
	 * @param statements what its file holds, or {@code null} if there is no file that can
	 * be read
	 * @param undo how it could be undone, or {@code null} if it cannot
	 * @param problems what is wrong with it, and what to do
	 */
	public record TidemarkDescriptor(String state, @Nullable MigrationSummary migration,
			@Nullable CurrentDescriptor current, List<RunDescriptor> runs,
			@Nullable List<StatementDescriptor> statements, @Nullable UndoFileDescriptor undo,
			List<ProblemDescriptor> problems) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public TidemarkDescriptor {
			state = PlainText.line(state);
		}

		static TidemarkDescriptor unreachable(Inspection inspection) {
			return new TidemarkDescriptor(inspection.state().toString(), null, null, List.of(), null, null,
					ProblemDescriptor.of(inspection.problems()));
		}

		static TidemarkDescriptor of(Inspection inspection, PlanEntry entry) {
			List<HistoryRow> runs = inspection.runs(entry.identity());
			List<Problem> problems = new ArrayList<>(
					inspection.problems().stream().filter((problem) -> concerns(problem, entry)).toList());
			List<StatementDescriptor> statements = statements(entry.migration(), problems);
			return new TidemarkDescriptor(inspection.state().toString(),
					MigrationSummary.of(entry, deciding(entry, runs)), CurrentDescriptor.of(current(inspection, entry)),
					runs.stream().map(RunDescriptor::of).toList(), statements, UndoFileDescriptor.of(entry),
					ProblemDescriptor.of(problems));
		}

		private static @Nullable HistoryRow deciding(PlanEntry entry, List<HistoryRow> runs) {
			HistoryEntry last = entry.history();
			return runs.stream()
				.filter((run) -> last != null && run.entry().rank() == last.rank())
				.findFirst()
				.orElse(null);
		}

		private static @Nullable Current current(Inspection inspection, PlanEntry entry) {
			Current current = inspection.current();
			return (current != null && entry.identity().equals(current.migration())) ? current : null;
		}

		private static boolean concerns(Problem problem, PlanEntry entry) {
			return problem.place() != null && problem.place().script().equals(entry.script());
		}

		private static @Nullable List<StatementDescriptor> statements(@Nullable Migration migration,
				List<Problem> problems) {
			if (migration == null) {
				return null;
			}
			try {
				Script script = migration.load();
				addNew(problems, script.warnings());
				return script.statements().stream().map(StatementDescriptor::of).toList();
			}
			catch (TidemarkException ex) {
				addNew(problems, ex.problems());
				return null;
			}
		}

		/**
		 * A pending file has been read for the plan already, and its problems are there.
		 */
		private static void addNew(List<Problem> problems, List<Problem> found) {
			found.stream().filter((problem) -> !problems.contains(problem)).forEach(problems::add);
		}

	}

	/**
	 * One run of a migration.
	 *
	 * @param rank its place in the history
	 * @param undo whether it was to undo the migration
	 * @param state what became of it
	 * @param checksum the checksum of what ran
	 * @param statementsTotal how many statements the file had
	 * @param statementsDone how many of them are committed
	 * @param startedOn when it began
	 * @param finishedOn when it ended, or {@code null} while it runs
	 * @param durationMillis how long it took, in milliseconds
	 * @param installedBy on whose behalf it ran
	 * @param application which application ran it
	 * @param applicationVersion which version of the application
	 * @param instance which instance of the application
	 * @param toolVersion which version of Tidemark
	 * @param deploymentId what all migrations of one run share
	 * @param tag the name of the deployment, or {@code null}
	 * @param failure why it failed, or {@code null}
	 * @param note why a person decided about it, or {@code null}
	 */
	public record RunDescriptor(int rank, boolean undo, String state, @Nullable String checksum, int statementsTotal,
			int statementsDone, Instant startedOn, @Nullable Instant finishedOn, @Nullable Long durationMillis,
			String installedBy, @Nullable String application, @Nullable String applicationVersion, String instance,
			String toolVersion, String deploymentId, @Nullable String tag, @Nullable Failure failure,
			@Nullable String note) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public RunDescriptor {
			state = PlainText.line(state);
			checksum = PlainText.lineOrNull(checksum);
			installedBy = PlainText.line(installedBy);
			instance = PlainText.line(instance);
			toolVersion = PlainText.line(toolVersion);
			deploymentId = PlainText.line(deploymentId);
			application = PlainText.lineOrNull(application);
			applicationVersion = PlainText.lineOrNull(applicationVersion);
			tag = PlainText.lineOrNull(tag);
			note = PlainText.lineOrNull(note);
		}

		static RunDescriptor of(HistoryRow run) {
			HistoryRow.Author author = run.author();
			return new RunDescriptor(run.entry().rank(), run.entry().undo(), run.entry().state().toString(),
					run.entry().checksum(), run.entry().statementsTotal(), run.entry().statementsDone(), run.started(),
					run.finished(), MigrationSummary.millis(run), author.installedBy(), author.application(),
					author.applicationVersion(), author.instance(), author.toolVersion(), author.deploymentId(),
					author.tag(), run.failure(), run.note());
		}

	}

	/**
	 * The file that undoes the migration, or that could.
	 *
	 * @param script the path of the file
	 * @param suggestion if there is no such file: what it could hold, derived from the
	 * statements of the migration, to be read before it is saved
	 */
	public record UndoFileDescriptor(String script, @Nullable String suggestion) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public UndoFileDescriptor {
			script = PlainText.line(script);
			suggestion = (suggestion != null) ? PlainText.lines(suggestion) : null;
		}

		static @Nullable UndoFileDescriptor of(PlanEntry entry) {
			Migration migration = entry.migration();
			if (entry.undo() != null) {
				return new UndoFileDescriptor(entry.undo().script(), null);
			}
			if (migration == null || migration.code() != null || !(entry.identity() instanceof Identity.Versioned)) {
				return null;
			}
			try {
				Script script = migration.load();
				if (script.directives().irreversible() != null) {
					return null;
				}
				UndoSuggestion suggestion = Inverse.of(migration, script);
				return new UndoFileDescriptor(suggestion.script(), suggestion.sql());
			}
			catch (TidemarkException ex) {
				// The problems of the migration tell why its file cannot be read.
				return null;
			}
		}

	}

	/**
	 * One statement of the file.
	 *
	 * @param number its number in the file, from 1
	 * @param line its first line in the file, from 1
	 * @param command what it is, such as {@code CREATE TABLE}
	 * @param excerpt its beginning on one line, without secrets
	 */
	public record StatementDescriptor(int number, int line, String command, String excerpt) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public StatementDescriptor {
			command = PlainText.line(command);
			excerpt = PlainText.line(excerpt);
		}

		static StatementDescriptor of(SqlStatement statement) {
			return new StatementDescriptor(statement.number(), statement.line(), statement.command(),
					statement.excerpt());
		}

	}

}
