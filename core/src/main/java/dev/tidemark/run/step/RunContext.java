package dev.tidemark.run.step;

import java.sql.SQLException;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.HistoryWriter;
import dev.tidemark.history.RestorePoint;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.progress.CurrentRun;
import dev.tidemark.run.step.lock.LockRetrying;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.InstanceLock;
import dev.tidemark.session.watch.StatementWatch;

/**
 * What all steps of a run share.
 *
 * @param session the connection that migrates
 * @param lock the lock that it holds
 * @param table the history, with its schema
 * @param writer writes the history
 * @param author on whose behalf the run writes the history
 * @param clock tells the time that the history records
 * @param retrying tries again what did not get its locks
 * @param watch looks after slow statements
 * @param callbacks runs callbacks
 * @param events tells the listeners
 * @param doing says to others what the run is doing
 * @param note what a person said why, or {@code null}
 * @since 0.1.0
 */
public record RunContext(Session session, InstanceLock lock, HistoryTable table, HistoryWriter writer,
		HistoryRow.Author author, Clock clock, LockRetrying retrying, StatementWatch watch, CallbackRunner callbacks,
		Consumer<Consumer<RunListener>> events, CurrentRun doing, @Nullable String note) {

	/**
	 * Returns the same run, of which the history tells where in the log of the server it
	 * began.
	 */
	public RunContext since(RestorePoint point) {
		return new RunContext(this.session, this.lock, this.table, this.writer, this.author.since(point), this.clock,
				this.retrying, this.watch, this.callbacks, this.events, this.doing, this.note);
	}

	/**
	 * Returns the same run, whose history somebody else writes.
	 * @param other writes the history
	 * @return the run
	 */
	public RunContext with(HistoryWriter other) {
		return new RunContext(this.session, this.lock, this.table, other, this.author, this.clock, this.retrying,
				this.watch, this.callbacks, this.events, this.doing, this.note);
	}

	/**
	 * Returns what tells of attempts at a migration.
	 * @param attempted tells what the last attempt was at
	 */
	MigrationAttempts attempts(Supplier<MigrationAttempts.Attempted> attempted) {
		return new MigrationAttempts(attempted, this.events);
	}

	/** Takes back what an attempt has done that has failed. */
	void rollBack(StepFailure failure) throws StepFailure {
		try {
			this.session.rollBack();
		}
		catch (SQLException ex) {
			throw failure;
		}
	}

}
