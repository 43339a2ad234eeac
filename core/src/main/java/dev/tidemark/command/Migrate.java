package dev.tidemark.command;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.run.Listeners;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.RunResult;
import dev.tidemark.source.Sources;

/**
 * Brings a database up to date: reads, plans, and only if something has to run takes the
 * instance lock, plans again and runs. Immutable and thread-safe; each run has a session
 * of its own.
 *
 * @since 0.1.0
 */
public final class Migrate {

	private final Engine engine;

	/**
	 * Creates the verb.
	 * @param engine what to work with
	 */
	public Migrate(Engine engine) {
		this.engine = engine;
	}

	/**
	 * Runs all pending migrations.
	 * @param files reads the files, in another thread while the connection is opened
	 * @return what was done
	 * @throws MigrationFailedException if a migration failed
	 * @throws TidemarkException if something stands in the way of the run
	 */
	public RunResult run(Supplier<Sources> files) {
		return run(Prefetch.of("tidemark-files", files), null);
	}

	/**
	 * Runs all pending migrations, where files and history were read before. The history
	 * is read again under the lock; a joint look at many of them saves each the look
	 * before it.
	 * @param sources the files
	 * @param history what was read before, or {@code null} if it has to be read first
	 * @return what was done
	 * @throws MigrationFailedException if a migration failed
	 * @throws TidemarkException if something stands in the way of the run
	 */
	public RunResult run(Sources sources, @Nullable History history) {
		return run(Prefetch.ready(sources), history);
	}

	private RunResult run(Prefetch<Sources> sources, @Nullable History known) {
		Listeners listeners = this.engine.listeners();
		listeners.tell((listener) -> listener.runStarted(this.engine.scope()));
		return this.engine.going().run(this.engine.table(), (cancellation, doing) -> {
			try {
				RunResult result = new MigrateRun(this.engine, sources, known, cancellation, doing).run();
				listeners.tell((listener) -> listener.runFinished(result));
				return result;
			}
			catch (TidemarkException ex) {
				TidemarkException first = firstOf(sources, ex);
				listeners.tell((listener) -> listener.runFailed(first));
				throw first;
			}
		});
	}

	/** What is wrong with the files is told even where there is no database. */
	private static TidemarkException firstOf(Prefetch<Sources> sources, TidemarkException failure) {
		try {
			sources.get();
			return failure;
		}
		catch (TidemarkException ex) {
			return ex;
		}
	}

}
