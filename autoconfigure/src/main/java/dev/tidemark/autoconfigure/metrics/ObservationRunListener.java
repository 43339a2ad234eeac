package dev.tidemark.autoconfigure.metrics;

import java.util.ArrayDeque;
import java.util.Deque;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Identity;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoResult;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.sql.PlainText;

/**
 * Observes each run and each migration in it, so that a trace shows the start and a timer
 * counts it.
 */
final class ObservationRunListener implements RunListener {

	private static final String NONE = "none";

	private final ObservationRegistry registry;

	/** The open observations of a run, which stays on one thread. */
	private final ThreadLocal<Deque<Open>> open = ThreadLocal.withInitial(ArrayDeque::new);

	ObservationRunListener(ObservationRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void runStarted(RunScope scope) {
		stopAll("interrupted");
		start(scope.tidemark(),
				Observation.createNotStarted("tidemark.run", this.registry).contextualName("tidemark run"));
	}

	@Override
	public void migrationStarted(MigrationInfo migration) {
		Identity identity = migration.identity();
		Deque<Open> observations = this.open.get();
		String tidemark = observations.isEmpty() ? NONE : observations.getLast().tidemark();
		start(tidemark,
				Observation.createNotStarted("tidemark.migration", this.registry)
					.contextualName("tidemark migration " + PlainText.line(identity.toString()))
					.lowCardinalityKeyValue("kind", kind(migration))
					.highCardinalityKeyValue("migration", PlainText.line(identity.toString()))
					.highCardinalityKeyValue("script", PlainText.line(migration.script())));
	}

	private static String kind(MigrationInfo migration) {
		return migration.undo() ? "undo" : migration.identity().kind();
	}

	@Override
	public void migrationApplied(MigrationInfo migration, MigrationResult result) {
		stop("applied", null);
	}

	@Override
	public void migrationUndone(MigrationInfo migration, MigrationResult result) {
		stop("undone", null);
	}

	@Override
	public void migrationFailed(MigrationInfo migration, TidemarkException failure) {
		stop("failed", failure);
	}

	@Override
	public void runFinished(RunResult result) {
		runFinished("applied", result.deploymentId(), result.applied().size());
	}

	@Override
	public void undoFinished(UndoResult result) {
		runFinished("undone", result.deploymentId(), result.undone().size());
	}

	private void runFinished(String outcome, String deploymentId, int migrations) {
		Deque<Open> observations = this.open.get();
		if (!observations.isEmpty()) {
			Observation run = observations.getLast().observation();
			run.highCardinalityKeyValue("deployment.id", deploymentId);
			run.highCardinalityKeyValue(outcome, Integer.toString(migrations));
		}
		stopMigrations();
		stop(outcome, null);
	}

	@Override
	public void runFailed(TidemarkException failure) {
		stopMigrations();
		stop("failed", failure);
	}

	private void start(String tidemark, Observation observation) {
		observation.lowCardinalityKeyValue("tidemark", tidemark).start();
		this.open.get().push(new Open(tidemark, observation, observation.openScope()));
	}

	/** What another instance had run in the meantime is begun, but neither ends. */
	private void stopMigrations() {
		while (this.open.get().size() > 1) {
			stop("overtaken", null);
		}
	}

	private void stopAll(String outcome) {
		while (!this.open.get().isEmpty()) {
			stop(outcome, null);
		}
	}

	private void stop(String outcome, @Nullable TidemarkException failure) {
		Open last = this.open.get().poll();
		if (last == null) {
			return;
		}
		if (this.open.get().isEmpty()) {
			this.open.remove();
		}
		last.scope().close();
		Observation observation = last.observation();
		observation.lowCardinalityKeyValue("outcome", outcome);
		observation.lowCardinalityKeyValue("error.code", (failure != null) ? failure.code().code() : NONE);
		if (failure != null) {
			observation.error(failure);
		}
		observation.stop();
	}

	private record Open(String tidemark, Observation observation, Observation.Scope scope) {
	}

}
