package dev.tidemark.run.preview;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSuggestion;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.PlannedStep;
import dev.tidemark.session.lock.LockHolder;

/**
 * What a run would do now. Looking changes nothing.
 *
 * @param database which database
 * @param historyTable the name of the history table, without its schema
 * @param currentVersion the newest version in the database, or {@code null}
 * @param lockHolder the session that migrates just now, or {@code null} if none does
 * @param creates what the run would create before the first migration, each as in
 * {@code CREATE SCHEMA name}; nothing if a run would be refused
 * @param migrations all migrations that files or history know, in order
 * @param marks what would be recorded without running, before the steps
 * @param steps what would run, in order
 * @param problems what stands in the way, and what else is wrong
 * @param suggestions what undo files could hold, for the versions that would run and have
 * none
 * @param callbacks what would be called beside the migrations, in order of their events;
 * none if a run would be refused
 * @param dataAtRisk what the run may lose, and what would bring it back; {@code null} if
 * it loses nothing
 * @since 0.1.0
 */
public record Preview(DatabaseIdentity database, String historyTable, @Nullable MigrationVersion currentVersion,
		@Nullable LockHolder lockHolder, List<String> creates, List<MigrationInfo> migrations,
		List<MigrationInfo> marks, List<PlannedStep> steps, List<Problem> problems, List<UndoSuggestion> suggestions,
		List<PlannedCallback> callbacks, @Nullable DataAtRisk dataAtRisk) {

	/** Copies the lists. */
	public Preview {
		creates = List.copyOf(creates);
		migrations = List.copyOf(migrations);
		marks = List.copyOf(marks);
		steps = List.copyOf(steps);
		problems = List.copyOf(problems);
		suggestions = List.copyOf(suggestions);
		callbacks = List.copyOf(callbacks);
	}

	/**
	 * Return whether a run would be refused.
	 * @return {@code true} if something stands in its way
	 */
	public boolean isBlocked() {
		return this.problems.stream().anyMatch(Problem::isError);
	}

	/**
	 * Return whether the database is not yet as this build would leave it.
	 * @return {@code true} if something would run or be recorded, or runs just now
	 */
	public boolean isPending() {
		return !isEmpty() || this.lockHolder != null;
	}

	/**
	 * Return whether there is nothing to do.
	 * @return {@code true} if nothing would run and nothing be recorded
	 */
	public boolean isEmpty() {
		return this.steps.isEmpty() && this.marks.isEmpty();
	}

	/**
	 * Return the problems that stop a run.
	 * @return the errors
	 */
	public List<Problem> errors() {
		return this.problems.stream().filter(Problem::isError).toList();
	}

	/**
	 * Returns the migrations that have a file which does not run for a reason: it is
	 * skipped, for other environments, or covered by a baseline.
	 * @return the migrations, in order
	 */
	public List<MigrationInfo> passedOver() {
		return this.migrations.stream()
			.filter((entry) -> entry.state() == MigrationState.SKIPPED || (entry.reason() != null
					&& entry.state() != MigrationState.PENDING && entry.state() != MigrationState.WAITING))
			.toList();
	}

	/**
	 * Return the backfills and contracts that do not run with the start, each with the
	 * reason.
	 * @return the migrations, in order
	 */
	public List<MigrationInfo> waiting() {
		return this.migrations.stream().filter((entry) -> entry.state() == MigrationState.WAITING).toList();
	}

	/**
	 * Returns what an undo file of a migration could hold.
	 * @param migration the migration
	 * @return the suggestion, empty if it has an undo file or needs none
	 */
	public Optional<UndoSuggestion> suggestion(Identity migration) {
		return this.suggestions.stream().filter((suggestion) -> suggestion.migration().equals(migration)).findFirst();
	}

	/**
	 * Returns the plan for people to read: what would run in order, with its SQL and its
	 * transactions, then the problems with their remedies. Secrets are masked.
	 */
	@Override
	public String toString() {
		PreviewText text = new PreviewText();
		text.headline(this.database, this.currentVersion, this.steps.size(), isBlocked());
		if (this.lockHolder != null) {
			text.running(this.lockHolder);
		}
		text.creates(this.creates);
		text.marks(this.marks);
		text.passedOver(passedOver());
		text.waiting(waiting());
		this.steps.forEach((step) -> text.step(step, suggestion(step.migration().identity()).orElse(null)));
		this.callbacks.forEach(text::callback);
		if (this.dataAtRisk != null) {
			text.dataAtRisk(this.dataAtRisk);
		}
		text.problems(this.problems);
		return text.toString();
	}

}
