package dev.tidemark.command.undo;

import dev.tidemark.command.Engine;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Listeners;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.UndoResult;
import dev.tidemark.run.preview.UndoPreview;
import dev.tidemark.run.progress.CurrentRun;
import dev.tidemark.session.Cancellation;
import dev.tidemark.source.Sources;

/**
 * Undoes migrations by their undo files.
 *
 * @since 0.1.0
 */
public final class Undo {

	private final Engine engine;

	private final Sources sources;

	/**
	 * Creates the verb.
	 * @param engine what to work with
	 * @param sources the files
	 */
	public Undo(Engine engine, Sources sources) {
		this.engine = engine;
		this.sources = sources;
	}

	/**
	 * Undoes migrations.
	 * @param request what to undo, and why
	 * @return what was done
	 * @throws MigrationFailedException if an undo file failed
	 * @throws TidemarkException if something stands in the way of the undo, such as data
	 * that would be lost; nothing was changed then
	 */
	public UndoResult undo(UndoRequest request) {
		return undo(request, (session) -> {
		});
	}

	UndoResult undo(UndoRequest request, UndoGuard guard) {
		Listeners listeners = this.engine.listeners();
		listeners.tell((listener) -> listener.runStarted(this.engine.scope()));
		return this.engine.going().run(this.engine.table(), (cancellation, doing) -> {
			try {
				UndoResult result = new UndoRun(this.engine, this.sources, cancellation, guard, doing).run(request);
				listeners.tell((listener) -> listener.undoFinished(result));
				return result;
			}
			catch (TidemarkException ex) {
				listeners.tell((listener) -> listener.runFailed(ex));
				throw ex;
			}
		});
	}

	/**
	 * Looks at what an undo would do now, without changing anything.
	 * @param selection which migrations
	 * @return what would run, what stands in its way, and what would be lost
	 * @throws TidemarkException if the database or its history cannot be read
	 */
	public UndoPreview preview(UndoSelection selection) {
		return new UndoRun(this.engine, this.sources, new Cancellation(), (session) -> {
		}, new CurrentRun(this.engine.clock())).preview(selection);
	}

}
