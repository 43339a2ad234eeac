package dev.tidemark.run;

import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.HistoryWriter;
import dev.tidemark.history.RestorePoint;
import dev.tidemark.plan.Step;
import dev.tidemark.safety.Finding;

/**
 * What all steps of a run share.
 *
 * @param session the connection that migrates
 * @param lock the lock that it holds
 * @param table the history, with its schema
 * @param writer writes the history
 * @param author on whose behalf the run writes the history
 * @param clock tells the time that the history records
 * @param lockRetry how long to try for a lock
 * @param watch looks after slow statements
 * @param callbacks runs callbacks
 * @param events tells the listeners
 * @param doing says to others what the run is doing
 * @param note what a person said why, or {@code null}
 */
record RunContext(Session session, InstanceLock lock, HistoryTable table, HistoryWriter writer,
		HistoryRow.Author author, Clock clock, LockRetry lockRetry, Watch watch, CallbackRunner callbacks,
		Consumer<Consumer<RunListener>> events, CurrentRun doing, @Nullable String note) {

	/**
	 * Marks in the server's log where the run begins, as it may lose data.
	 * @param steps what will run
	 * @param findings what may be lost, at least one
	 * @return what the steps share from now on
	 */
	RunContext withRestorePoint(List<Step> steps, List<Finding> findings) {
		RestorePoint point = RestorePoints.make(this.session, this.table, steps, findings, this.author.deploymentId());
		return (point != null)
				? new RunContext(this.session, this.lock, this.table, this.writer, this.author.since(point), this.clock,
						this.lockRetry, this.watch, this.callbacks, this.events, this.doing, this.note)
				: this;
	}

}
