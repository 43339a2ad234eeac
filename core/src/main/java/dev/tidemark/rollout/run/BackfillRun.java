package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.catalogue.batch.BatchTable;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.Severity;
import dev.tidemark.error.Thrown;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.history.backfill.RecordedBackfill;
import dev.tidemark.history.backfill.RecordedRange;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.batch.BackfillDefinition;
import dev.tidemark.rollout.batch.Batch;
import dev.tidemark.rollout.batch.TransactionBatch;
import dev.tidemark.rollout.batch.VerificationBatch;
import dev.tidemark.session.Cancellation;
import dev.tidemark.session.Session;
import dev.tidemark.session.connect.KeptConnection;

/**
 * The work of this instance on one backfill, as long as it holds the lease. Used once.
 */
final class BackfillRun {

	private static final Set<BackfillState> GOING = Set.of(BackfillState.RUNNING, BackfillState.VERIFYING);

	private static final long POLL_MILLIS = 200;

	private static final long MIGRATION_POLL_MILLIS = 500;

	private static final Logger logger = PlainLogger.of(BackfillRun.class);

	private final Found found;

	private final BackfillDefinition definition;

	private final BackfillTable records;

	private final Supervisor supervisor;

	private final WorkerConnections connections;

	private final Stop stop;

	private final Gate gate;

	BackfillRun(Found found, Supervisor supervisor, WorkerConnections connections, Stop stop) {
		this.found = found;
		this.definition = found.definition();
		this.records = found.records();
		this.supervisor = supervisor;
		this.connections = connections;
		this.stop = stop;
		this.gate = supervisor.gate();
	}

	/**
	 * Works until the backfill has ended, or this instance may not go on with it.
	 * @param control the session that holds the lease
	 */
	void run(Session control) throws SQLException, InterruptedException {
		try {
			work(control);
		}
		catch (Decided ex) {
			this.gate.end(Gate.End.DECIDED, null);
		}
		catch (FirstWorker.NoSession ex) {
			throw ex.refused();
		}
		catch (TidemarkException ex) {
			if (this.stop.isRequested()) {
				return;
			}
			ServerError server = ex.problems().get(0).server();
			if (server != null && server.isConnectionLost()) {
				throw ex;
			}
			this.gate.end(Gate.End.FAILED, ex.problems().get(0));
		}
		Problem problem = this.gate.problem();
		if (problem != null) {
			fail(control, problem);
		}
	}

	private void work(Session control) throws SQLException, InterruptedException {
		KeptConnection connection = this.connections.take(this.definition.options().workers()).get(0);
		FirstWorker first = new FirstWorker(connection, this.found, this.stop);
		Optional<BatchTable> begun = first.alone((session) -> Optional.ofNullable(begin(session)));
		if (begun.isEmpty()) {
			return;
		}
		BatchTable table = begun.get();
		if (!move(control, table, false)) {
			return;
		}
		if (this.definition.verify() != null) {
			BatchTable now = first.alone(this::beginVerification);
			if (!move(control, now, true) || !isVerified(control, now)) {
				return;
			}
		}
		else {
			first.alone((session) -> analyzed(session, table));
		}
		while (!this.stop.isRequested() && !first.alone(this::finish)) {
			this.gate.rest(Duration.ofMillis(MIGRATION_POLL_MILLIS));
		}
	}

	/** Returns the table, {@code null} if a person has decided otherwise meanwhile. */
	private @Nullable BatchTable begin(Session session) throws SQLException {
		Preparation preparation = new Preparation(session, this.definition, this.records);
		RecordedBackfill recorded = preparation.record();
		if (!recorded.record().state().isGoing()) {
			return null;
		}
		this.supervisor.know(recorded);
		int first = 1;
		if (!recorded.record().checksum().equals(this.definition.checksum())) {
			requireUntouched(recorded);
			// Whoever may still be at a batch of the other text finds its range gone.
			first += recorded.lastPart();
			recorded = renewed(session);
		}
		BatchTable table = preparation.table(recorded);
		List<RecordedRange> ranges = recorded.ranges(false);
		if (ranges.isEmpty()) {
			ranges = preparation.divide(table, false, first);
			if (!ranges.isEmpty()) {
				preparation.check(table, ranges.get(0));
			}
			preparation.begin(table, ranges);
		}
		session.write(this.records.writes()
			.instance(this.definition.version(), this.found.engine().application().instance()));
		this.supervisor.started(recorded(session), ranges, table);
		return table;
	}

	/** Who undoes a backfill has it forgotten. */
	private RecordedBackfill recorded(Session session) throws SQLException {
		return this.records.read(session, this.definition.version()).orElseThrow(Decided::new);
	}

	/** What was found wrong before the first batch may be corrected in the file. */
	private RecordedBackfill renewed(Session session) throws SQLException {
		session.write(this.records.writes()
			.renew(this.definition.version(), this.definition.migration().description(),
					this.definition.migration().script(), this.definition.checksum()));
		return recorded(session);
	}

	private void requireUntouched(RecordedBackfill recorded) {
		if (recorded.ranges().stream().anyMatch(RecordedRange::isTouched)) {
			throw new TidemarkException(new Problem(ErrorCode.BACKFILL_CHANGED, Severity.ERROR,
					"Backfill " + this.definition.version() + " was changed after it had begun.",
					Place.file(this.definition.migration().script()), null, this.supervisor.state(),
					"Restore the text, and resume it; or cancel it, and write a new one."));
		}
	}

	private boolean analyzed(Session session, BatchTable table) {
		new BackfillEnd(session, this.definition, this.records).analyze(table);
		return true;
	}

	/**
	 * What was verified before, and found wanting, is verified again as a whole. Other
	 * partitions may have come meanwhile, whose rows nobody has changed.
	 */
	private BatchTable beginVerification(Session session) throws SQLException {
		RecordedBackfill recorded = recorded(session);
		Preparation preparation = new Preparation(session, this.definition, this.records);
		BatchTable table = preparation.table(recorded);
		List<RecordedRange> ranges = recorded.ranges(true);
		if (ranges.isEmpty() || ranges.stream().allMatch(RecordedRange::done)) {
			analyzed(session, table);
			int first = recorded.lastPart() + 1;
			ranges = preparation.divide(table, true, first);
			session.write(this.records.writes().withoutVerification(this.definition.version()) + "; "
					+ this.records.writes()
						.ranges(this.definition.version(), table.name(),
								table.keys().stream().map((column) -> column.name()).toList(), null, ranges));
		}
		session.write(this.records.writes().state(this.definition.version(), GOING, BackfillState.VERIFYING, null));
		this.supervisor.verifies(ranges);
		return table;
	}

	/**
	 * Runs batches of all ranges that are left.
	 * @return whether none is left
	 */
	private boolean move(Session control, BatchTable table, boolean verification)
			throws SQLException, InterruptedException {
		List<RecordedRange> ranges = this.supervisor.ranges(verification);
		Undertaking undertaking = new Undertaking(this.definition, table, this.records.writes(), ranges, this.gate,
				this.stop, this.supervisor::committed);
		this.supervisor.follow(undertaking, verification);
		int count = Math.min(this.definition.options().workers(), undertaking.left());
		List<KeptConnection> taken = this.connections.take(this.definition.options().workers());
		Set<Integer> processes = ConcurrentHashMap.newKeySet();
		List<Thread> threads = taken.subList(0, count)
			.stream()
			.map((connection) -> thread(connection, undertaking, batch(verification), processes))
			.toList();
		try {
			threads.forEach(Thread::start);
			while (threads.stream().anyMatch(Thread::isAlive)) {
				this.supervisor.look(control, table, processes);
				join(threads);
			}
		}
		finally {
			if (threads.stream().anyMatch(Thread::isAlive)) {
				this.gate.end(Gate.End.LOST, null);
			}
			joinAll(threads);
		}
		return this.gate.ended() == null;
	}

	private Batch batch(boolean verification) {
		String verify = this.definition.verify();
		return (verification && verify != null)
				? new VerificationBatch(this.definition.version(), verify, this.records.writes())
				: new TransactionBatch(this.definition, this.records.writes());
	}

	private Thread thread(KeptConnection connection, Undertaking undertaking, Batch batch, Set<Integer> processes) {
		Thread thread = new Thread(() -> this.stop.during((cancellation) -> {
			work(connection, undertaking, batch, processes, cancellation);
			return true;
		}), "tidemark-batches-" + this.definition.version());
		thread.setDaemon(true);
		thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
		return thread;
	}

	private void work(KeptConnection connection, Undertaking undertaking, Batch batch, Set<Integer> processes,
			Cancellation cancellation) {
		try (WorkerSession sessions = new WorkerSession(connection, this.found.engine().settings().session(),
				this.records, this.definition.version(), cancellation, processes)) {
			new RangeWorker(undertaking, sessions, batch).work();
		}
		catch (InterruptedException ex) {
			this.gate.end(Gate.End.STOPPED, null);
		}
		catch (RuntimeException | Error ex) {
			logger.debug("A batch ended unexpectedly", ex);
			this.gate.end(Gate.End.FAILED, unexpected(ex));
		}
	}

	private Problem unexpected(Throwable thrown) {
		if (thrown instanceof TidemarkException known) {
			return known.problems().get(0);
		}
		return Problem.error(ErrorCode.BACKFILL_FAILED, Place.file(this.definition.migration().script()),
				"A batch of backfill " + this.definition.version() + " ended with " + Thrown.of(thrown).inWords() + ".",
				"Correct what it names, then resume the backfill.");
	}

	private static void join(List<Thread> threads) throws InterruptedException {
		for (Thread thread : threads) {
			if (thread.isAlive()) {
				thread.join(POLL_MILLIS);
				return;
			}
		}
	}

	/** Batches come to their end before their connections are anybody else's. */
	private static void joinAll(List<Thread> threads) {
		boolean interrupted = false;
		for (Thread thread : threads) {
			while (thread.isAlive()) {
				try {
					thread.join();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private boolean isVerified(Session control, BatchTable table) throws SQLException {
		long unverified = recorded(control).counts(true).rows();
		if (unverified == 0) {
			return true;
		}
		String query = "SELECT * FROM " + table.name() + " WHERE (" + this.definition.verify() + ") IS NOT TRUE;";
		Problem problem = new Problem(ErrorCode.BACKFILL_UNVERIFIED, Severity.ERROR,
				unverified + " rows of " + table.name() + " do not satisfy the verification of backfill "
						+ this.definition.version() + ".",
				Place.file(this.definition.migration().script()), null, this.supervisor.state(),
				"Look at them: " + query.replaceAll("\\s+", " ")
						+ " Correct them by a later file, or correct what writes them; then resume the backfill, and it"
						+ " verifies again.");
		record(control, BackfillState.UNVERIFIED, problem);
		return false;
	}

	private void fail(Session control, Problem problem) throws SQLException {
		Problem told = toBeResumed(
				problem.state().equals(Problem.UNCHANGED) ? problem.withState(this.supervisor.state()) : problem);
		if (this.records.find(control, this.definition.version()).isEmpty()) {
			// It has not even come to a record that could say so.
			throw new TidemarkException(told);
		}
		record(control, BackfillState.FAILED, told);
	}

	/** Who finds a table that cannot be walked does not know of whom it is asked. */
	private static Problem toBeResumed(Problem problem) {
		String remedy = problem.remedy();
		return remedy.contains("resume") ? problem : problem.withRemedy(remedy + " Then resume the backfill.");
	}

	/** Whoever has decided otherwise meanwhile has the last word. */
	private void record(Session control, BackfillState state, Problem problem) throws SQLException {
		try {
			control.write(this.records.writes().failure(this.definition.version(), GOING, state, problem));
		}
		catch (SQLException ex) {
			ServerError error = control.errorOf(ex);
			control.rollBack();
			if (!BackfillTable.isRowGone(error)) {
				throw ex;
			}
		}
		logger.error("Backfill {} of {} ended {}\n{}", this.definition.version(),
				this.found.engine().scope().tidemark(), state, problem);
	}

	private boolean finish(Session session) throws SQLException {
		RecordedBackfill recorded = recorded(session);
		if (!recorded.record().state().isGoing()) {
			return true;
		}
		try {
			return new BackfillEnd(session, this.definition, this.records).finish(this.found.engine(),
					this.found.history(), recorded);
		}
		catch (SQLException ex) {
			ServerError error = session.errorOf(ex);
			session.rollBack();
			if (this.found.history().isConflict(error) || BackfillTable.isRowGone(error)) {
				return false;
			}
			throw ex;
		}
	}

}
