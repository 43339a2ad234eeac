package dev.tidemark.autoconfigure.database;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.UnaryOperator;

import org.springframework.core.metrics.ApplicationStartup;
import org.springframework.core.metrics.StartupStep;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoResult;

/**
 * Tells the {@link ApplicationStartup} of runs and migrations, so that they show where
 * the time of a start went.
 */
final class StartupStepListener implements RunListener {

	private final ApplicationStartup startup;

	/** The open steps of a run, which stays on one thread. */
	private final ThreadLocal<Deque<StartupStep>> open = ThreadLocal.withInitial(ArrayDeque::new);

	private final String tidemark;

	StartupStepListener(ApplicationStartup startup, String tidemark) {
		this.startup = startup;
		this.tidemark = tidemark;
	}

	@Override
	public void runStarted() {
		this.open.get().clear();
		this.open.get().push(start("tidemark.run"));
	}

	@Override
	public void migrationStarted(MigrationInfo migration) {
		this.open.get()
			.push(start("tidemark.migration").tag("migration", migration.identity().toString())
				.tag("script", migration.script()));
	}

	private StartupStep start(String name) {
		return this.startup.start(name).tag("tidemark", this.tidemark);
	}

	@Override
	public void migrationApplied(MigrationInfo migration, MigrationResult result) {
		this.open.get().pop().end();
	}

	@Override
	public void migrationUndone(MigrationInfo migration, MigrationResult result) {
		this.open.get().pop().end();
	}

	@Override
	public void migrationFailed(MigrationInfo migration, TidemarkException failure) {
		this.open.get().pop().tag("error", failure.code().code()).end();
	}

	@Override
	public void runFinished(RunResult result) {
		endRun((step) -> step.tag("applied", Integer.toString(result.applied().size())));
	}

	@Override
	public void undoFinished(UndoResult result) {
		endRun((step) -> step.tag("undone", Integer.toString(result.undone().size())));
	}

	@Override
	public void runFailed(TidemarkException failure) {
		endRun((step) -> step.tag("error", failure.code().code()));
	}

	/** A migration that another instance overtook is begun again without having ended. */
	private void endRun(UnaryOperator<StartupStep> tags) {
		Deque<StartupStep> steps = this.open.get();
		while (steps.size() > 1) {
			steps.pop().end();
		}
		tags.apply(steps.pop()).end();
		this.open.remove();
	}

}
