package dev.tidemark.autoconfigure.actuate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import dev.tidemark.error.Problem;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryRow.Failure;
import dev.tidemark.history.RestorePoint;
import dev.tidemark.plan.UndoSuggestion;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationRun;
import dev.tidemark.run.MigrationText;
import dev.tidemark.run.StatementInfo;
import dev.tidemark.run.inspect.Current;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.sql.PlainText;

/**
 * One migration with all its runs, in every database that knows it.
 *
 * @param contexts what each application context knows of it, by the id of the context
 * @since 0.1.0
 */
public record MigrationDescriptor(Map<String, ContextDescriptor> contexts) implements OperationResponseBody {

	/**
	 * What one application context knows of the migration.
	 *
	 * @param parentId the id of the parent context, or {@code null} if there is none
	 * @param tidemarks what each {@code Tidemark} knows, by the name of its bean
	 * @since 0.1.0
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
	 * @param backfill how far it has come, if it is a backfill, or {@code null}
	 * @param problems what is wrong with it, and what to do
	 * @since 0.1.0
	 */
	public record TidemarkDescriptor(String state, @Nullable MigrationSummary migration,
			@Nullable CurrentDescriptor current, List<RunDescriptor> runs,
			@Nullable List<StatementDescriptor> statements, @Nullable UndoFileDescriptor undo,
			@Nullable BackfillDescriptor backfill, List<ProblemDescriptor> problems) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public TidemarkDescriptor {
			state = PlainText.line(state);
		}

		static TidemarkDescriptor unreachable(Inspection inspection) {
			return new TidemarkDescriptor(inspection.state().toString(), null, null, List.of(), null, null, null,
					ProblemDescriptor.of(inspection.problems()));
		}

		static TidemarkDescriptor of(Inspection inspection, MigrationInfo entry, @Nullable MigrationText text,
				@Nullable BackfillProgress backfill) {
			List<MigrationRun> runs = inspection.runs(entry.identity());
			List<Problem> problems = new ArrayList<>(
					inspection.problems().stream().filter((problem) -> concerns(problem, entry)).toList());
			List<StatementDescriptor> statements = statements((text != null) ? text.file() : null, problems);
			return new TidemarkDescriptor(inspection.state().toString(),
					MigrationSummary.of(entry, deciding(entry, runs)), CurrentDescriptor.of(current(inspection, entry)),
					runs.stream().map(RunDescriptor::of).toList(), statements, UndoFileDescriptor.of(entry, text),
					(backfill != null) ? BackfillDescriptor.of(backfill) : null, ProblemDescriptor.of(problems));
		}

		private static @Nullable MigrationRun deciding(MigrationInfo entry, List<MigrationRun> runs) {
			return runs.stream()
				.filter((run) -> entry.rank() != null && run.rank() == entry.rank())
				.findFirst()
				.orElse(null);
		}

		private static @Nullable Current current(Inspection inspection, MigrationInfo entry) {
			Current current = inspection.current();
			return (current != null && entry.identity().equals(current.migration())) ? current : null;
		}

		private static boolean concerns(Problem problem, MigrationInfo entry) {
			return problem.place() != null && problem.place().script().equals(entry.script());
		}

		private static @Nullable List<StatementDescriptor> statements(MigrationText.@Nullable File file,
				List<Problem> problems) {
			if (file == null) {
				return null;
			}
			addNew(problems, file.problems());
			return (file.statements() != null) ? file.statements().stream().map(StatementDescriptor::of).toList()
					: null;
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
	 * @param restorePoint where in the log of the server the run began, if it could lose
	 * data, or {@code null}
	 * @since 0.1.0
	 */
	public record RunDescriptor(int rank, boolean undo, String state, @Nullable String checksum, int statementsTotal,
			int statementsDone, Instant startedOn, @Nullable Instant finishedOn, @Nullable Long durationMillis,
			String installedBy, @Nullable String application, @Nullable String applicationVersion, String instance,
			String toolVersion, String deploymentId, @Nullable String tag, @Nullable Failure failure,
			@Nullable String note, @Nullable RestorePoint restorePoint) {

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

		static RunDescriptor of(MigrationRun run) {
			HistoryRow.Author author = run.author();
			return new RunDescriptor(run.rank(), run.migration().undo(), run.migration().state().toString(),
					run.migration().checksum(), run.statementsTotal(), run.statementsDone(), run.started(),
					run.finished(), MigrationSummary.millis(run), author.installedBy(), author.application(),
					author.applicationVersion(), author.instance(), author.toolVersion(), author.deploymentId(),
					author.tag(), run.failure(), run.note(), author.restorePoint());
		}

	}

	/**
	 * The file that undoes the migration, or that could.
	 *
	 * @param script the path of the file, or {@code null} if there is none
	 * @param suggestedScript if there is no such file: the path that it could have
	 * @param suggestion if there is no such file: what it could hold, derived from the
	 * statements of the migration, to be read before it is saved
	 * @since 0.1.0
	 */
	public record UndoFileDescriptor(@Nullable String script, @Nullable String suggestedScript,
			@Nullable String suggestion) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public UndoFileDescriptor {
			script = PlainText.lineOrNull(script);
			suggestedScript = PlainText.lineOrNull(suggestedScript);
			suggestion = (suggestion != null) ? PlainText.lines(suggestion) : null;
		}

		static @Nullable UndoFileDescriptor of(MigrationInfo entry, @Nullable MigrationText text) {
			if (entry.undoScript() != null) {
				return new UndoFileDescriptor(entry.undoScript(), null, null);
			}
			UndoSuggestion suggestion = (text != null) ? text.suggestion() : null;
			return (suggestion != null) ? new UndoFileDescriptor(null, suggestion.script(), suggestion.sql()) : null;
		}

	}

	/**
	 * One statement of the file.
	 *
	 * @param number its number in the file, from 1
	 * @param line its first line in the file, from 1
	 * @param command what it is, such as {@code CREATE TABLE}
	 * @param excerpt its beginning on one line, without secrets
	 * @since 0.1.0
	 */
	public record StatementDescriptor(int number, int line, String command, String excerpt) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public StatementDescriptor {
			command = PlainText.line(command);
			excerpt = PlainText.line(excerpt);
		}

		static StatementDescriptor of(StatementInfo statement) {
			return new StatementDescriptor(statement.number(), statement.line(), statement.command(),
					statement.excerpt());
		}

	}

}
