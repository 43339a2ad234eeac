package dev.tidemark.run;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.Severity;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.MigrationState;
import dev.tidemark.history.SessionRecord;
import dev.tidemark.plan.Segment;
import dev.tidemark.plan.Step;
import dev.tidemark.source.CallbackEvent;
import dev.tidemark.source.Checksum;
import dev.tidemark.source.Identity;
import dev.tidemark.source.RunningChecksum;
import dev.tidemark.source.UsedPlaceholders;
import dev.tidemark.sql.SqlStatement;
import dev.tidemark.sql.TransactionUse;

/**
 * Runs one step and records it. An atomic step commits with its history row; any other
 * has a {@code running} row before its first statement, and commits its progress with
 * each segment. A segment that does not get a lock in time is rolled back and tried
 * again.
 */
final class StepRunner {

	private static final Pattern CONCURRENTLY = Pattern.compile("(?i)\\bCONCURRENTLY\\b");

	/** What a transaction has deferred to its end comes before that is looked at. */
	private static final String SETTLE = "SET CONSTRAINTS ALL IMMEDIATE; ";

	/** What stands for {@code BEGIN} in a transaction that is open already. */
	private static final String NO_COMMAND = "SELECT";

	private static final String LOCK_NOT_AVAILABLE = "55P03";

	private static final String OBJECT_NOT_READY = "55000";

	private static final String INVALID_TRANSACTION_TERMINATION = "2D000";

	private static final Logger logger = PlainLogger.of(StepRunner.class);

	private final RunContext context;

	private final Session session;

	private final Step step;

	private final Origin origin;

	private final StepEvents events;

	private final int rank;

	private final boolean durable;

	private final Instant started;

	private final List<SqlStatement> statements;

	private final RunningChecksum checksums;

	/** Follows the session of a step that is not atomic. */
	private @Nullable ScriptSession script;

	/** What the journal has of the session. */
	private @Nullable SessionRecord record;

	/** Whether the session was seen to be as it was before the last statement. */
	private boolean unchanged;

	/** What was seen of the instance lock after the last statement; 0 if nothing. */
	private long hold;

	/**
	 * Whether the last progress that was committed tells what the session is for sure.
	 */
	private boolean certain;

	/** What the session was within the last transaction that is committed. */
	private ScriptSession.@Nullable Snapshot outlasting;

	/** Whether the file needs every statement by itself. */
	private boolean alone;

	/** Whether there is a row for this run. */
	private boolean begun;

	/**
	 * Whether a procedure or block is running that may have committed a part of its work.
	 */
	private boolean procedure;

	/** Whether the transaction is not of this step alone. */
	private boolean within;

	/** The statement that runs, as far as it is known. */
	private @Nullable SqlStatement current;

	/** Whether what runs commits by itself, and its progress after it. */
	private boolean uncovered;

	/**
	 * Whether nobody knows of the first statement that is not recorded as done whether it
	 * is: an earlier run has left it so, and this one has not come to it yet, or this one
	 * leaves it so.
	 */
	private boolean leftInDoubt;

	/** Whether the row tells more of what is done than this run knows. */
	private boolean lookedUp;

	/** Whether the last statement is done, and nothing was written of it yet. */
	private boolean unrecorded;

	/** As what the migration counts since its failure is recorded. */
	private @Nullable MigrationState failedAs;

	/** How many statements ran, including those of a transaction that is still open. */
	private int executed;

	/** How many statements ran for good. */
	private int committed;

	/**
	 * Prepares to run.
	 * @param rank the rank of the history row
	 * @param durable whether the commit has to be on disk before the step counts as done
	 * @param alone whether a procedure of the file was found to end transactions
	 */
	StepRunner(RunContext context, Step step, int rank, boolean durable, boolean alone) {
		this.context = context;
		this.session = context.session();
		this.session.workFor(step.migration().inWords());
		this.step = step;
		this.origin = Origin.of(step);
		this.events = StepEvents.of(step);
		this.rank = rank;
		this.durable = durable;
		this.started = context.clock().instant();
		this.executed = step.done().size();
		this.committed = this.executed;
		this.statements = step.statements();
		this.checksums = new RunningChecksum((index) -> this.statements.get(index).source());
		HistoryEntry resumed = step.resumed();
		this.alone = alone || (resumed != null && resumed.ranAlone());
		this.record = (resumed != null) ? resumed.session() : null;
		this.leftInDoubt = isInDoubt() && !step.segments().isEmpty();
	}

	/**
	 * Runs the step.
	 * @throws HistoryConflictException if another instance has written the history
	 * @throws StepFailure if a statement failed
	 */
	MigrationResult run() throws HistoryConflictException, StepFailure {
		long start = System.nanoTime();
		this.context.doing().begin(this.step);
		try {
			if (this.step.isAtomic()) {
				Segment only = this.step.segments().get(0);
				retrying(() -> runLast(only));
			}
			else {
				runSegments();
			}
		}
		catch (RuntimeException | Error ex) {
			throw unexpected(ex);
		}
		finally {
			this.context.doing().end();
		}
		return result(start);
	}

	/** Returns the last row of a step that ran to its end. */
	HistoryEntry recorded() {
		return row(done(), null).entry();
	}

	private MigrationResult result(long start) {
		return new MigrationResult(this.step.migration().identity(), this.step.migration().description(),
				this.step.migration().script(), this.step.statementCount(),
				Duration.ofNanos(System.nanoTime() - start));
	}

	private void runSegments() throws HistoryConflictException, StepFailure {
		HistoryEntry resumed = this.step.resumed();
		ScriptSession followed = follow();
		if (this.committed == 0) {
			this.record = followed.record(followed.known());
		}
		HistoryRow running = row(MigrationState.RUNNING, null);
		write((resumed != null) ? this.context.table().insertContinuing(running, resumed.rank())
				: this.context.table().insert(running));
		this.begun = true;
		if (resumed != null) {
			logger.info("Continuing {}: an earlier run has done {} of {} statements", this.step.migration().inWords(),
					this.committed, this.step.statementCount());
		}
		runCallbacks(this.events.before(), null);
		if (resumed != null && this.committed > 0) {
			restoreSession(resumed);
		}
		boolean inDoubt = resumed != null;
		for (Segment segment : this.step.segments()) {
			segment.accept(new Parts(inDoubt));
			inDoubt = false;
		}
		requireNoOpenTransaction();
		runCallbacks(this.events.after(), null);
		retrying(this.context, () -> this.step.migration().identity(), this::writeLast, this::rollBackWrite);
	}

	private void writeLast() throws HistoryConflictException, StepFailure {
		try {
			this.context.watch().begin(Work.commit(this.origin));
			InstanceLock lock = this.context.lock();
			lock.checked(this.session.writeLast(this.context.table().finish(row(done(), null)), lockCheck()));
		}
		catch (SQLException ex) {
			throw commitFailed(ex, true, true);
		}
		catch (TidemarkException ex) {
			throw notRenewed(ex);
		}
		finally {
			this.context.watch().end();
		}
	}

	private String lockCheck() {
		boolean code = this.step.migration().code() != null || this.context.callbacks().isAroundMigrations();
		return code ? this.context.lock().check() : this.context.lock().check(this.step.statements());
	}

	private boolean has(CallbackEvent event) {
		return this.context.callbacks().has(event);
	}

	/** Runs callbacks around what runs outside of a transaction. */
	private void runCallbacks(CallbackEvent event, @Nullable SqlStatement statement) throws StepFailure {
		if (has(event)) {
			this.context.callbacks().runBetween(Occasion.of(event, this.step, statement), progress());
		}
	}

	private ScriptSession follow() throws HistoryConflictException, StepFailure {
		Set<String> names = new TreeSet<>();
		this.statements.forEach((statement) -> names.addAll(statement.settings()));
		try {
			UsedPlaceholders placeholders = this.step.placeholders();
			ScriptSession followed = ScriptSession.begin(this.session, names,
					placeholders != null && !placeholders.isEmpty());
			this.script = followed;
			return followed;
		}
		catch (SQLException ex) {
			throw commitFailed(ex, false, true);
		}
	}

	private ScriptSession script() {
		if (this.script == null) {
			throw new IllegalStateException("The session of an atomic step is not followed");
		}
		return this.script;
	}

	/**
	 * Makes the session what the statements that are done have made of theirs, or leaves
	 * it to a person what to do where that cannot be: what is left of the file could act
	 * on something else.
	 */
	private void restoreSession(HistoryEntry resumed) throws StepFailure {
		SessionRecord wanted = resumed.session();
		try {
			if (wanted == null) {
				// An earlier version has recorded nothing of it.
				repeat(this.step.done().stream().filter(SqlStatement::setsOnly).toList());
				know(script().read());
				return;
			}
			List<String> differences = new ArrayList<>(setSecretsAgain(wanted));
			differences.addAll(script().restore(wanted));
			ScriptSession.Snapshot now = script().read();
			differences.addAll(script().differences(wanted, now));
			if (needsValuesOfSequences()) {
				differences
					.add("sequences had given it values, of which what is left reads one by currval() or lastval()");
			}
			boolean decided = resumed.state() == MigrationState.FAILED && wanted.hasTold(differences);
			if (!differences.isEmpty() && !decided) {
				this.record = script().asked(wanted, now, differences);
				throw undecidedSession(differences);
			}
			differences.forEach((difference) -> logger.warn(
					"Continuing {} as it was decided, although its session is not what it was: {}",
					this.step.migration().inWords(), difference));
			know(now);
		}
		catch (SQLException ex) {
			throw failed(null, ex);
		}
	}

	/**
	 * What their values are must not be kept, so the statements that set them run again.
	 * @return for each one that the server refuses a clause for people
	 */
	private List<String> setSecretsAgain(SessionRecord wanted) throws StepFailure {
		List<String> refused = new ArrayList<>();
		for (SqlStatement statement : this.step.done()) {
			if (wanted.digests().isEmpty() || !statement.setsOnly()
					|| Collections.disjoint(statement.settings(), wanted.digests().keySet())) {
				continue;
			}
			try {
				repeat(List.of(statement));
			}
			catch (StepFailure ex) {
				ServerError error = ex.failure().problems().get(0).server();
				if (error == null || !this.session.isAlive()) {
					throw ex;
				}
				refused.add("the server refuses statement " + statement.number() + " now (" + error.message() + ")");
			}
		}
		return refused;
	}

	/** What a sequence gave to one session last, no other one can ask for. */
	private boolean needsValuesOfSequences() {
		return this.step.done().stream().anyMatch(SqlStatement::mayGetValue) && this.step.segments()
			.stream()
			.flatMap((segment) -> segment.statements().stream())
			.anyMatch(SqlStatement::readsLastValue);
	}

	private void repeat(List<SqlStatement> statements) throws StepFailure {
		for (SqlStatement statement : statements) {
			run(statement);
			this.executed--;
		}
	}

	private void know(ScriptSession.Snapshot snapshot) {
		script().know(snapshot);
		this.record = script().record(snapshot);
	}

	/**
	 * Looks for what became of the statement at which the last run ended, and clears away
	 * what it left.
	 * @return whether its effect is there, so that it must not run again
	 */
	private boolean isDone(SqlStatement statement) throws HistoryConflictException, StepFailure {
		try {
			Verdict verdict = Recovery.examine(this.session.connection(), statement);
			this.leftInDoubt = false;
			logger.info("Continuing {} at statement {} ({}): {}", this.step.migration().inWords(), statement.number(),
					statement.excerpt(), masked(this.session, statement, verdict.seen()));
			if (verdict instanceof Verdict.Done done) {
				clear(statement, done.completion());
				this.executed++;
				write(this.context.table().progress(this.rank, this.executed, journal()));
				this.committed = this.executed;
				return true;
			}
			if (verdict instanceof Verdict.NotDone notDone) {
				clear(statement, notDone.cleanup());
				return false;
			}
			if (verdict instanceof Verdict.Undecided undecided) {
				if (isInDoubt()) {
					throw undecided(statement, undecided);
				}
				return false;
			}
			throw new IllegalStateException("Unknown kind of verdict: " + verdict.getClass());
		}
		catch (SQLException ex) {
			throw failed(statement, ex);
		}
	}

	/**
	 * After an error that the server reported, nothing but the catalogue can tell
	 * otherwise.
	 */
	private boolean isInDoubt() {
		HistoryEntry resumed = this.step.resumed();
		return resumed != null && resumed.state() != MigrationState.FAILED;
	}

	/** Takes out of what the catalogue tells of a statement what must not be seen. */
	static String masked(Session session, SqlStatement statement, String text) {
		return statement.mask(session.settings().mask().apply(text));
	}

	/** What clears up is guarded and watched as the statement itself would be. */
	private void clear(SqlStatement statement, List<String> cleanup) throws HistoryConflictException, StepFailure {
		for (String sql : cleanup) {
			logger.info("Clearing up first: {}", masked(this.session, statement, sql));
			if (CONCURRENTLY.matcher(sql).find()) {
				runWithoutTimeout(() -> run(statement, sql, null));
			}
			else {
				retrying(() -> run(statement, sql, null));
			}
		}
	}

	/** The words with which a person's decision about this run begins. */
	private String decision() {
		return "start once with tidemark.resolve.migration=" + this.step.migration().identity().typed()
				+ " tidemark.resolve.rank=" + this.rank + " and tidemark.resolve.as=";
	}

	private StepFailure undecided(SqlStatement statement, Verdict.Undecided verdict) {
		Problem problem = new Problem(ErrorCode.INTERRUPTED, Severity.ERROR,
				"The last run of " + this.step.migration().inWords()
						+ " was interrupted, and what became of its last statement cannot be decided safely: "
						+ masked(this.session, statement, verdict.seen()),
				StatementProblems.place(this.origin, statement, null), null, progress(),
				"Decide, by one of these ways:\n"
						+ masked(this.session, statement, String.join("\n", verdict.options()))
						+ "\nThen start once with tidemark.resolve.migration="
						+ this.step.migration().identity().typed() + " tidemark.resolve.rank=" + this.rank
						+ " and tidemark.resolve.as=continue to go on after the statement, with"
						+ " tidemark.resolve.as=retry to run the statement again, or with tidemark.resolve.as=" + done()
						+ " if all that is left of the file, the statement included, is done by hand. Of several"
						+ " instances or tenants, tidemark.resolve.instance and tidemark.resolve.tenant name the one.");
		return new StepFailure(new TidemarkException(problem), List.of());
	}

	private StepFailure undecidedSession(List<String> differences) {
		Integer next = statementInDoubt();
		Problem problem = new Problem(ErrorCode.INTERRUPTED, Severity.ERROR, "The last run of "
				+ this.step.migration().inWords()
				+ " ended half-way, and what the statements that are done have made of its session cannot be made"
				+ " again: " + String.join("; ", differences)
				+ ". What is left of the file could act on something else than it should.", this.origin.place(), null,
				done(this.committed),
				"Decide, by one of these ways:\n"
						+ "-- if what is left does not depend on that, or you have put it right: go on\n"
						+ "-- if it does: do what is left by hand, or undo by hand what is done\n"
						+ "Then start once with tidemark.resolve.migration=" + this.step.migration().identity().typed()
						+ " tidemark.resolve.rank=" + this.rank
						+ " and tidemark.resolve.as=retry to go on in a session as near to it as can be, and there run"
						+ " the statement again at which the last run ended, unless the catalogue tells that it is"
						+ " done;"
						+ ((next == null) ? ""
								: " with tidemark.resolve.as=continue to go on behind statement " + next
										+ ", if that is done by hand;")
						+ " with tidemark.resolve.as=" + done()
						+ " if all that is left of the file is done by hand. Of several instances or tenants,"
						+ " tidemark.resolve.instance and tidemark.resolve.tenant name the one.");
		return new StepFailure(new TidemarkException(problem), List.of());
	}

	/** Returns the only statement that the last run may have been at, if there is one. */
	private @Nullable Integer statementInDoubt() {
		List<Segment> left = this.step.segments();
		return (left.isEmpty() || left.get(0).statements().size() != 1) ? null
				: left.get(0).statements().get(0).number();
	}

	/**
	 * Runs a segment, and again while it does not get a lock: what it did is rolled back,
	 * so that it stands in nobody's way during the pause.
	 */
	private void retrying(Attempt attempt) throws HistoryConflictException, StepFailure {
		retrying(this.context, () -> this.step.migration().identity(), attempt, this::rollBack);
	}

	/**
	 * Makes attempts.
	 * @param migration tells at which migration the last attempt failed
	 * @param rollBack takes back what an attempt has done
	 */
	static void retrying(RunContext context, Supplier<Identity> migration, Attempt attempt, RollBack rollBack)
			throws HistoryConflictException, StepFailure {
		try {
			retrying(context, migration, System.nanoTime(), attempt, rollBack);
		}
		finally {
			// What comes after it is not tried again, or begins anew.
			context.doing().attempt(1);
		}
	}

	private static void retrying(RunContext context, Supplier<Identity> migration, long start, Attempt attempt,
			RollBack rollBack) throws HistoryConflictException, StepFailure {
		Obstruction seen = Obstruction.UNSEEN;
		for (int attempts = 1;; attempts++) {
			context.doing().attempt(attempts);
			try {
				attempt.run();
				return;
			}
			catch (StepFailure ex) {
				Duration spent = Duration.ofNanos(System.nanoTime() - start);
				if (!ex.isLockNotGranted()) {
					throw ex;
				}
				Obstruction obstruction = context.watch().obstruction();
				if (!obstruction.isSeen()) {
					context.watch().lookSooner();
				}
				seen = obstruction.isSeen() ? obstruction : seen;
				Optional<Duration> pause = context.lockRetry().pause(attempts, spent);
				if (pause.isEmpty()) {
					throw ex.after(attempts, spent, seen);
				}
				rollBack.after(ex);
				LockWait wait = new LockWait(migration.get(), attempts, ex.failure().problems().get(0).place(),
						obstruction.lock(), obstruction.blockers(), pause.get());
				logger.atLevel(LockWait.level(attempts)).log("{}", wait);
				context.events().accept((listener) -> listener.lockNotGranted(wait));
				context.doing().pause(wait.where(), wait.lock(), wait.pause());
				pause(pause.get(), ex);
			}
		}
	}

	/** The session stays as the statements before have made it: they do not run again. */
	private void rollBack(StepFailure failure) throws StepFailure {
		try {
			this.session.rollBack();
			this.executed = this.committed;
		}
		catch (SQLException ex) {
			throw failure;
		}
	}

	static void pause(Duration pause, StepFailure failure) throws StepFailure {
		try {
			Thread.sleep(pause.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failure;
		}
	}

	/** The only transaction of a migration, which ends with its history row. */
	private void runLast(Segment only) throws HistoryConflictException, StepFailure {
		String end = this.session.own()
			.lastCommit(this.context.table().insert(row(done(), null)), this.durable, lockCheck());
		this.context.lock()
			.checked((only instanceof Segment.Code code) ? runCode(code, end)
					: runTransaction(Session.BEGIN, only.statements(), end, true));
		try {
			this.session.init();
		}
		catch (SQLException ex) {
			throw commitFailed(ex, true, false);
		}
		catch (TidemarkException ex) {
			throw notRenewed(ex);
		}
	}

	/** Returns how many rows the end returned. */
	private long runCode(Segment.Code code, String end) throws HistoryConflictException, StepFailure {
		Progress progress = new Progress(List.of());
		try {
			this.session.execute(Session.BEGIN, progress);
			runCallbacksWithin(this.events.before(), null);
			new CodeTransaction(this.session, this.context.watch()).run(this.origin, code.migration()::migrate,
					stateAfterFailure());
			runCallbacksWithin(this.events.after(), null);
			this.context.watch().begin(Work.commit(this.origin));
			return this.session.execute(List.of(end), progress);
		}
		catch (SQLException ex) {
			throw commitFailed(ex, true, progress.isAtOwnWrite());
		}
		finally {
			this.context.watch().end();
		}
	}

	/** Runs callbacks in the transaction of the migration. */
	private void runCallbacksWithin(CallbackEvent event, @Nullable SqlStatement statement) throws StepFailure {
		if (has(event)) {
			this.context.callbacks().runWithin(Occasion.of(event, this.step, statement), stateAfterFailure());
		}
	}

	/**
	 * Runs an atomic step within a transaction that is open, up to its history row. What
	 * the next one finds is a fresh session, but constraints that are checked at once.
	 */
	MigrationResult runWithin() throws HistoryConflictException, StepFailure {
		long start = System.nanoTime();
		List<SqlStatement> statements = this.step.statements();
		this.within = true;
		try {
			String end = this.session.own().record(this.context.table().insert(row(done(), null)));
			runTransaction(NO_COMMAND, statements, end, true);
		}
		catch (RuntimeException | Error ex) {
			throw unexpected(ex);
		}
		return result(start);
	}

	/**
	 * Runs statements in a transaction. They are sent without waiting for one before the
	 * next is on its way: where one fails, the server refuses all that follow.
	 * @param begin the command that begins the transaction
	 * @param end the SQL that ends the transaction
	 * @param whole whether these are all statements of the migration
	 * @return how many rows the end returned
	 */
	private long runTransaction(String begin, List<SqlStatement> statements, String end, boolean whole)
			throws HistoryConflictException, StepFailure {
		boolean recovers = statements.stream().anyMatch(StepRunner::rollsBackToSavepoint);
		boolean waits = recovers || statements.stream().anyMatch(InstanceLock::callsFunctions);
		Progress progress = new Progress(statements);
		Batch batch = new Batch();
		try {
			batch.add(begin);
			if (whole) {
				runCallbacksWithin(this.events.before(), null, batch, progress);
			}
			for (SqlStatement statement : statements) {
				runCallbacksWithin(this.events.beforeStatement(), statement, batch, progress);
				if (statement.copyData() != null) {
					flush(batch, progress);
					copy(statement);
					progress.run();
				}
				else {
					String text = statement.text();
					if (recovers || !batch.takes(text)) {
						flush(batch, progress);
					}
					batch.add(text);
				}
				runCallbacksWithin(this.events.afterStatement(), statement, batch, progress);
			}
			if (whole) {
				runCallbacksWithin(this.events.after(), null, batch, progress);
			}
			if (waits || !batch.takes(end)) {
				// What a function sets may be more than the driver can live with.
				flush(batch, progress);
			}
			batch.add(end);
			return this.session.execute(batch.take(), progress);
		}
		catch (SQLException ex) {
			if (progress.isAtEnd()) {
				throw commitFailed(ex, whole, progress.isAtOwnWrite());
			}
			throw failed(progress.failed(ex), ex);
		}
		finally {
			endWatch();
		}
	}

	private void beginWatch(SqlStatement statement) {
		this.current = statement;
		this.context.watch().begin(Work.of(this.origin, statement));
	}

	private void endWatch() {
		this.context.watch().end();
	}

	private void flush(Batch batch, Progress progress) throws SQLException {
		if (!batch.isEmpty()) {
			this.session.execute(batch.take(), progress);
		}
	}

	/** What was sent ahead has to be done before a callback runs. */
	private void runCallbacksWithin(CallbackEvent event, @Nullable SqlStatement statement, Batch batch,
			Progress progress) throws SQLException, StepFailure {
		if (has(event)) {
			flush(batch, progress);
			runCallbacksWithin(event, statement);
			progress.goOn();
		}
	}

	/** After it, the server would take again what follows a failure. */
	private static boolean rollsBackToSavepoint(SqlStatement statement) {
		return statement.command().equals("ROLLBACK");
	}

	/**
	 * Runs statements that share a transaction; one by one if it turns out that a
	 * procedure among them ends transactions itself. Then the last run did so too, and
	 * the first of them may be the one at which it ended.
	 */
	private void runShared(Segment.Transaction transaction, boolean firstInDoubt)
			throws HistoryConflictException, StepFailure {
		this.leftInDoubt &= mayHaveRunApart(transaction);
		try {
			retrying(() -> runTogether(transaction.statements()));
			recordOutlasting();
		}
		catch (StepFailure ex) {
			if (!ex.endsTransactionItself()) {
				throw ex;
			}
			rollBack(ex);
			this.alone = true;
			// The next run has to know of it if this one ends in a procedure.
			write(this.context.table().progress(this.rank, this.committed, journal(this.committed)));
			boolean inDoubt = firstInDoubt;
			for (Segment part : apart(transaction.statements(), firstInDoubt)) {
				part.accept(new Parts(inDoubt));
				inDoubt = false;
			}
		}
	}

	/**
	 * Tells whether the last run may have ended at the first of some statements while
	 * that ran by itself. Without a procedure among them they were one transaction, and
	 * what is not recorded of that was rolled back.
	 */
	private boolean mayHaveRunApart(Segment.Transaction transaction) {
		List<SqlStatement> statements = transaction.statements();
		return statements.stream().anyMatch(Step::mayCommit) && apart(statements, true).get(0) instanceof Segment.Alone;
	}

	/** An earlier version recorded also a plain statement only after its commit. */
	private List<Segment> apart(List<SqlStatement> statements, boolean firstInDoubt) {
		List<Segment> parts = new ArrayList<>(Step.apart(statements));
		HistoryEntry resumed = this.step.resumed();
		if (firstInDoubt && resumed != null && resumed.session() == null) {
			parts.set(0, new Segment.Alone(statements.get(0)));
		}
		return parts;
	}

	/**
	 * Runs statements in a transaction that ends with their progress. What is set in a
	 * transaction may end with it: until that is known, it counts as uncertain.
	 */
	private void runTogether(List<SqlStatement> together) throws HistoryConflictException, StepFailure {
		int done = this.committed + together.size();
		ScriptSession.Snapshot before = script().known();
		SessionRecord recorded = this.record;
		boolean same = runTransaction(Session.BEGIN, together, SETTLE + script().check(before), false) == 1;
		ScriptSession.Snapshot within = before;
		this.certain = same;
		try {
			if (!same) {
				within = script().read();
				this.certain = within.isLike(before);
				this.record = this.certain ? recorded : script().record(within).uncertain();
			}
			this.session.execute(
					this.session.own().commit(this.context.table().progress(this.rank, done, journal(done)), true));
			this.committed = this.executed;
			this.leftInDoubt = false;
		}
		catch (SQLException ex) {
			this.record = recorded;
			throw commitFailed(ex, false, true);
		}
		this.outlasting = within;
	}

	/**
	 * Records what has outlasted the transaction. That is committed, so it is no part of
	 * what is tried again.
	 */
	private void recordOutlasting() throws HistoryConflictException, StepFailure {
		ScriptSession.Snapshot within = this.outlasting;
		if (within == null) {
			return;
		}
		boolean still = isStill(within);
		keepLock();
		if (!still || !this.certain) {
			write(this.context.table().progress(this.rank, this.committed, journal(this.committed)));
		}
	}

	/** Looks whether what was made of the session has outlasted the transaction. */
	private boolean isStill(ScriptSession.Snapshot within) throws StepFailure {
		this.hold = 0;
		try {
			this.hold = this.session.execute(List.of(this.context.lock().hold(script().check(within))), () -> {
			});
			boolean still = InstanceLock.hadRow(this.hold);
			know(still ? within : script().read());
			return still;
		}
		catch (SQLException ex) {
			notSeen(ex);
			return false;
		}
	}

	/** A transaction that the file itself began cannot be tried again from its middle. */
	private void runAlone(SqlStatement statement) throws HistoryConflictException, StepFailure {
		runCallbacks(this.events.beforeStatement(), statement);
		this.unchanged = false;
		this.hold = 0;
		this.uncovered = true;
		if (isInTransaction()) {
			run(statement);
		}
		else if (waitsInTurn(statement)) {
			runConcurrently(statement);
		}
		else if (Step.mayCommit(statement)) {
			// What it has committed before it failed must not be done again.
			this.procedure = true;
			runFollowed(statement);
			this.procedure = false;
		}
		else {
			retrying(() -> runFollowed(statement));
		}
		if (!isInTransaction()) {
			lookAtSession();
			// It is done, whatever becomes of our own write.
			this.committed = this.executed;
			this.uncovered = false;
			this.unrecorded = true;
			if (!waitsInTurn(statement)) {
				keepLock();
			}
			write(this.context.table().progress(this.rank, this.executed, journal()));
			this.unrecorded = false;
		}
		runCallbacks(this.events.afterStatement(), statement);
	}

	/** What the server commits in between is no part of what it takes back. */
	private void runConcurrently(SqlStatement statement) throws HistoryConflictException, StepFailure {
		try {
			runWithoutTimeout(() -> run(statement));
		}
		catch (StepFailure ex) {
			Problem problem = ex.failure().problems().get(0);
			String left = this.session.isGivenUp() ? null
					: new Leftover(this.session, statement).clear(problem.server());
			throw (left != null) ? ex.withState(problem.state() + " " + left) : ex;
		}
	}

	/**
	 * Requires that this run may go on: a statement may have released the instance lock,
	 * with which another instance may have begun to work. It is held again then.
	 */
	private void keepLock() throws StepFailure {
		try {
			if (this.context.lock().holdOn(this.hold)) {
				return;
			}
			logger.warn(
					"A statement of {} released the instance lock, as all advisory locks of its session; it is held again",
					this.step.migration().inWords());
			OwnRow own = ownRow();
			if (!own.isUndisturbed()) {
				throw overtaken(own);
			}
		}
		catch (SQLException ex) {
			throw failed(null, ex);
		}
		catch (TidemarkException ex) {
			throw new StepFailure(new TidemarkException(ex.problems().get(0).withState(progress()), ex.getCause()),
					List.of());
		}
	}

	/** The role of the script may lack the right to read the history. */
	private OwnRow ownRow() throws SQLException {
		this.session.beginOwnRead();
		try {
			return OwnRow.read(this.session, this.context.table(), this.rank, this.context.author().deploymentId(),
					this.step.migration().identity());
		}
		finally {
			this.session.rollBack();
		}
	}

	/** Somebody else has written about the run, which must do nothing any more. */
	private StepFailure overtaken(OwnRow own) {
		HistoryRow later = own.later();
		Problem problem;
		if (later != null) {
			String inWords = later.entry().identity().inWords();
			problem = Problem.error(ErrorCode.HISTORY_CONFLICT, this.origin.place(),
					"Another instance has gone on with the history while this one ran "
							+ this.step.migration().inWords() + ": deployment " + later.author().deploymentId() + " on "
							+ later.author().instance() + " has written rank " + later.entry().rank() + ".",
					"Start again when the other instance is done: the history decides. A statement that releases all"
							+ " advisory locks of its session (DISCARD ALL, pg_advisory_unlock_all) lets another"
							+ " instance in; leave it out.")
				.withState("This run has stopped. By itself, " + done(this.committed) + " The other row says of "
						+ inWords + ": " + later.entry().state() + ", " + later.entry().statementsDone() + " of "
						+ later.entry().statementsTotal() + " statements.");
		}
		else {
			problem = Problem.error(ErrorCode.HISTORY_LAYOUT, this.origin.place(),
					"The history row of the running migration is gone, or somebody changed its state.",
					"Do not write to the history table while migrations run, nor from a migration. The next start goes by"
							+ " what the table says then, and runs a file of which there is no row from its beginning:"
							+ " look at the table before it, and at what is done.")
				.withState(stateAfterFailure());
		}
		if (own.isRunning()) {
			// Nobody must take the process for one that is at work on it.
			this.session.cutAtClose();
		}
		return new StepFailure(new TidemarkException(problem), List.of(), Row.OF_OTHERS);
	}

	/** Runs a statement, and sees in the same round trip what it made of the session. */
	private void runFollowed(SqlStatement statement) throws StepFailure {
		boolean leavesNoTransaction = statement.transactionUse() != TransactionUse.CONTROL;
		String check = leavesNoTransaction ? this.context.lock().hold(script().check(script().known())) : null;
		run(statement, statement.text(), check);
		this.executed++;
	}

	/** That it cannot be seen must not keep the progress from being recorded. */
	private void lookAtSession() throws StepFailure {
		if (this.unchanged) {
			return;
		}
		try {
			know(script().read());
		}
		catch (SQLException ex) {
			notSeen(ex);
		}
	}

	private void notSeen(SQLException ex) throws StepFailure {
		if (!this.session.isAlive()) {
			throw failed(null, ex);
		}
		logger.debug("What the session is like could not be read: {}", this.session.errorOf(ex));
		this.record = (this.record != null) ? this.record.uncertain() : null;
	}

	/**
	 * Concurrent commands wait for transactions of others to end rather than queue in
	 * front of them, so a lock timeout would cut them off half-way and protect nobody.
	 */
	static boolean waitsInTurn(SqlStatement statement) {
		return statement.transactionUse() == TransactionUse.FORBIDDEN && CONCURRENTLY.matcher(statement.text()).find();
	}

	private void runWithoutTimeout(Attempt attempt) throws HistoryConflictException, StepFailure {
		try {
			String timeout = this.session.swapLockTimeout("0");
			try {
				attempt.run();
			}
			finally {
				if (this.session.isAlive()) {
					this.session.swapLockTimeout(timeout);
				}
			}
		}
		catch (SQLException ex) {
			throw failed(null, ex);
		}
	}

	private void run(SqlStatement statement) throws StepFailure {
		run(statement, statement.text(), null);
		this.executed++;
	}

	/**
	 * Runs a statement, or SQL that clears up behind it.
	 * @param check a query that has one row if the session is as it was before, or
	 * {@code null} not to look
	 */
	private void run(SqlStatement statement, String sql, @Nullable String check) throws StepFailure {
		beginWatch(statement);
		try {
			if (statement.copyData() != null) {
				copy(statement);
			}
			else if (check != null) {
				this.hold = this.session.execute(sql, check);
				this.unchanged = InstanceLock.hadRow(this.hold);
			}
			else {
				this.session.execute(sql);
			}
		}
		catch (SQLException ex) {
			throw failed(statement, ex);
		}
		finally {
			endWatch();
		}
	}

	private void copy(SqlStatement statement) throws SQLException {
		this.session.copyIn(statement.text(), statement.copyRows());
	}

	private boolean isInTransaction() throws StepFailure {
		try {
			return this.session.isInTransaction();
		}
		catch (SQLException ex) {
			throw failed(null, ex);
		}
	}

	private void requireNoOpenTransaction() throws StepFailure {
		if (isInTransaction()) {
			throw new StepFailure(new TidemarkException(Problem
				.error(ErrorCode.OPEN_TRANSACTION, this.origin.place(),
						"The file begins a transaction and does not end it.",
						"Add the COMMIT that is missing, and start again." + leavingDone())
				.withState("The open transaction was rolled back. " + progress())), List.of());
		}
	}

	private void write(String write) throws HistoryConflictException, StepFailure {
		retrying(this.context, () -> this.step.migration().identity(), () -> writeOnce(write), this::rollBackWrite);
	}

	/** What ran before a write of our own is done, and does not run again. */
	private void rollBackWrite(StepFailure failure) throws StepFailure {
		try {
			this.session.rollBack();
		}
		catch (SQLException ex) {
			throw failure;
		}
	}

	private void writeOnce(String write) throws HistoryConflictException, StepFailure {
		this.context.watch().begin(Work.commit(this.origin));
		try {
			this.session.write(write);
		}
		catch (SQLException ex) {
			throw commitFailed(ex, false, true);
		}
		finally {
			this.context.watch().end();
		}
	}

	/**
	 * Says why the end of a transaction failed.
	 * @param last whether it was the last one of the step
	 * @param own whether our own write failed, and not what the file left for its end
	 */
	private StepFailure commitFailed(SQLException ex, boolean last, boolean own) throws HistoryConflictException {
		ServerError error = this.session.errorOf(ex);
		if (this.context.table().isConflict(error)) {
			throw new HistoryConflictException();
		}
		Breakdown breakdown = Breakdown.of(this.session, ex, null);
		if (breakdown != null) {
			return broken(null, breakdown);
		}
		Outcome outcome = last ? OutcomeReader.outcomeOfCommit(this.session, evidence()) : null;
		if (outcome != null && this.session.isGivenUp()) {
			return broken(null, Breakdown.unexpected(this.session, ex, null), outcome);
		}
		// What commits by itself is done, and its progress is not recorded.
		this.leftInDoubt |= this.uncovered && !last;
		boolean done = outcome instanceof Outcome.Committed;
		if (!done && own && this.begun && this.context.table().isRowGone(error)) {
			OwnRow row = lookAtOwnRow();
			if (row != null && !row.isUndisturbed()) {
				return overtaken(row);
			}
		}
		Problem problem = done ? notRenewed().withServer(error) : notCommitted(error, own);
		return new StepFailure(new TidemarkException(problem, this.session.withoutSecrets(ex)), List.of(),
				done ? Row.COMMITTED : Row.MISSING);
	}

	private @Nullable OwnRow lookAtOwnRow() {
		try {
			this.session.rollBack();
			return ownRow();
		}
		catch (SQLException | TidemarkException ex) {
			logger.debug("The row of the run could not be read again: {}", ex.getClass().getName());
			return null;
		}
	}

	/** What shows, of all that this run has committed, how far it came. */
	Evidence evidence() {
		return Evidence.ofRun(this.context.table(), this.rank, this.context.author().deploymentId());
	}

	/** The commit was done before the SQL of init-sql failed, which comes after it. */
	private StepFailure notRenewed(TidemarkException ex) {
		Problem problem = notRenewed().withServer(ex.problems().get(0).server());
		return new StepFailure(new TidemarkException(problem, ex.getCause()), List.of(), Row.COMMITTED);
	}

	private Problem notRenewed() {
		return Problem
			.error(ErrorCode.INIT_SQL, this.origin.place(),
					"The migration is " + done() + ", but its session could not be made fresh for the next one.",
					"Check that the login may set again what " + SettingNames.name("init-sql")
							+ " or the pool sets, and start again.")
			.withState("This migration and those before it are " + done() + "; those after it are not.");
	}

	private Problem notCommitted(ServerError error, boolean own) {
		Optional<Problem> around = own
				? OwnWriteProblems.of(this.session, this.context.table(), this.origin.place(), error)
				: Optional.empty();
		if (around.isEmpty() && own && error.is(LOCK_NOT_AVAILABLE)) {
			around = Optional.of(Problem.error(ErrorCode.LOCK_TIMEOUT, this.origin.place(),
					"Tidemark's own write to the history " + this.context.table().qualifiedName() + ", for "
							+ this.step.migration().inWords() + ", did not get its lock within lock_timeout.",
					"Start again when the sessions that hold the lock on the history table are done (see"
							+ " pg_blocking_pids), or raise " + SettingNames.name("lock-retry.max-duration")
							+ "; the file needs no change.")
				.withServer(error));
		}
		return around.orElseGet(() -> correctingTheRest(notCommitted(error).withServer(error)))
			.withState(stateAfterFailure());
	}

	private Problem notCommitted(ServerError error) {
		if (error.is("42501")) {
			return Problem.error(ErrorCode.HISTORY_ACCESS, this.origin.place(),
					"The role may not write what the end of the migration needs: it lacks a right, or a policy of the history"
							+ " table (WITH CHECK) refuses the row.",
					"Grant the role that migrates what it lacks, GRANT SELECT, INSERT, UPDATE ON TABLE "
							+ this.context.table().qualifiedName()
							+ " TO <role>; and keep row security away from that table: ALTER TABLE "
							+ this.context.table().qualifiedName() + " DISABLE ROW LEVEL SECURITY; Then start again.");
		}
		return StatementProblems.atCommit(this.session, this.origin, error);
	}

	private StepFailure failed(@Nullable SqlStatement statement, SQLException ex) {
		Breakdown breakdown = Breakdown.of(this.session, ex, statement);
		if (breakdown != null) {
			return broken(statement, breakdown);
		}
		ServerError error = this.session.errorOf(ex, statement);
		Problem problem = correctingTheRest(
				StatementProblems.failed(this.session, this.origin, statement, error).withState(stateAfterFailure()));
		if (statement != null && this.procedure) {
			problem = doneInPart(problem, statement);
		}
		else if (statement != null && error.is(OBJECT_NOT_READY) && statement.readsLastValue()
				&& this.step.resumed() != null) {
			problem = problem
				.withRemedy("The sequence gave its value to the session of the run that this one continues,"
						+ " and currval() and lastval() know of no other session's. Let the statement find the value in"
						+ " another way, such as the row that was written with it, and start again"
						+ ((this.committed > 0) ? "; leave " + doneStatements() + " as it is." : "."));
		}
		StepFailure failure = new StepFailure(
				new TidemarkException(problem, this.session.withoutSecrets(ex, statement)),
				this.context.watch().blockers());
		failure.procedure = statement != null && Step.mayCommit(statement);
		return failure;
	}

	/** What is done of a file must stay as it was when it ran. */
	private Problem correctingTheRest(Problem problem) {
		ServerError server = problem.server();
		KnownError known = (server != null) ? KnownError.of(server).orElse(null) : null;
		if (this.step.isAtomic() || this.committed == 0 || (known != null && known.hasCode())) {
			return problem;
		}
		if (known != null && !known.isPassedOver() && !problem.remedy().equals(this.origin.remedy())) {
			return problem.withRemedy(problem.remedy() + leavingDone());
		}
		return problem.withRemedy("Leave what is done (" + doneStatements() + ") as it is, correct the rest of the "
				+ (this.step.isUndo() ? "undo file" : "file") + ", and start again.");
	}

	/** What to say besides where a part of a file is done; nothing if it is not. */
	String leavingDone() {
		return (this.step.isAtomic() || this.committed == 0) ? ""
				: " Leave what is done (" + doneStatements() + ") as it is.";
	}

	private String doneStatements() {
		return (this.committed == 1) ? "statement 1" : "statements 1-" + this.committed;
	}

	/** Nobody but the procedure knows what it had committed when it failed. */
	private Problem doneInPart(Problem problem, SqlStatement statement) {
		int number = statement.number();
		return problem.withState(done(this.committed) + " Of statement " + number
				+ " a part may be committed: it may end transactions itself, and no catalogue tells how far it came.")
			.withRemedy("Look what of statement " + number + " is there, and decide, by one of these ways:\n"
					+ "-- if nothing of it is there, or you have taken back the part that is: correct it if need be,"
					+ ((this.committed > 0) ? " leave " + doneStatements() + " as it is," : "")
					+ " and have it run again as a whole\n" + "-- if all of statement " + number
					+ " is done, by it or by hand: go on behind it\n"
					+ "-- if all that is left of the file, the statement included, is done by hand: pass it over\n"
					+ "Then " + decision() + "retry to run statement " + number
					+ " again, with tidemark.resolve.as=continue to go on behind it, or with tidemark.resolve.as="
					+ done()
					+ " to pass over what is left. Of several instances or tenants, tidemark.resolve.instance and"
					+ " tidemark.resolve.tenant name the one.");
	}

	/** Whatever comes out of the driver or the engine must leave nothing undecided. */
	private StepFailure unexpected(Throwable thrown) {
		return broken(this.current, Breakdown.unexpected(this.session, thrown, this.current));
	}

	/** The session has ended: what became of the step is looked up over another one. */
	private StepFailure broken(@Nullable SqlStatement statement, Breakdown breakdown) {
		return broken(statement, breakdown, breakdown.outcome(evidence()));
	}

	private StepFailure broken(@Nullable SqlStatement statement, Breakdown breakdown, Outcome outcome) {
		if (outcome instanceof Outcome.RolledBack back && !this.step.isAtomic()) {
			// A crash or a fail-over may have taken what this run was told is committed.
			int done = back.begun() ? back.statementsDone() : this.step.done().size();
			this.leftInDoubt |= done < this.committed || (this.uncovered && done == this.committed);
			this.begun = back.begun();
			this.lookedUp = true;
			this.committed = done;
			HistoryEntry resumed = this.step.resumed();
			this.record = (resumed != null && done > 0) ? resumed.session() : null;
		}
		Place place = (statement != null) ? StatementProblems.place(this.origin, statement, null) : this.origin.place();
		Problem problem = StatementProblems.broken(breakdown, this.origin, place, outcome, states());
		return new StepFailure(new TidemarkException(problem, breakdown.cause()), this.context.watch().blockers(),
				Row.of(outcome));
	}

	private Breakdown.States states() {
		return new Breakdown.States(
				"The " + (this.step.isUndo() ? "undo" : "migration") + " is " + done()
						+ ", as a whole, and recorded so.",
				"Do not change the file, which is " + done() + ": what is wrong with it needs a new migration.",
				stateAfterFailure());
	}

	private String stateAfterFailure() {
		if (this.within) {
			return UndoTransaction.ROLLED_BACK;
		}
		return this.step.isAtomic() ? "The transaction was rolled back: the database is as it was before this "
				+ (this.step.isUndo() ? "undo." : "migration.") : progress();
	}

	private String progress() {
		if (!this.leftInDoubt) {
			return done(this.committed);
		}
		boolean found = isInDoubt() && !this.uncovered && this.committed == this.step.done().size();
		return done(this.committed) + " Whether the statement "
				+ (found ? "at which an earlier run ended" : "that was running")
				+ " is done, or a part of it, the next start finds out from the catalogue; what that does not tell,"
				+ " it asks.";
	}

	private String done(int count) {
		return ((count == 0) ? "No statement of this file is recorded as done."
				: count + " of " + this.step.statementCount()
						+ ((count == 1) ? " statements of this file is done and stays."
								: " statements of this file are done and stay."))
				+ (this.unrecorded ? " That statement " + this.committed
						+ " is done could not be recorded at once, so that the next"
						+ " start may have to ask about it." : "");
	}

	/**
	 * Records a failure, in a transaction of its own.
	 * @param over the session in which to do so
	 */
	void recordFailure(Session over, Problem problem) throws SQLException {
		boolean interrupted = this.procedure || problem.code() == ErrorCode.INTERRUPTED
				|| problem.code() == ErrorCode.CODE_COMMITTED || problem.code() == ErrorCode.CODE_PREPARED;
		MigrationState state = interrupted ? MigrationState.INTERRUPTED : MigrationState.FAILED;
		// What is running while nobody runs it, the next run looks for in the catalogue.
		HistoryRow row = row(this.leftInDoubt ? MigrationState.RUNNING : state, failure(problem));
		HistoryEntry resumed = this.step.resumed();
		if (!this.begun) {
			over.write((resumed != null) ? this.context.table().insertContinuing(row, resumed.rank())
					: this.context.table().insert(row));
		}
		else {
			over.write(this.lookedUp ? this.context.table().fail(row) : this.context.table().finish(row));
		}
		if (row.entry().decides()) {
			this.failedAs = this.leftInDoubt ? MigrationState.INTERRUPTED : state;
		}
	}

	/** Returns as what the migration counts now, {@code null} if that is not known. */
	@Nullable MigrationState failedAs() {
		return this.failedAs;
	}

	/** A line of a callback would look like one of the migration. */
	private HistoryRow.Failure failure(Problem problem) {
		HistoryRow.Failure failure = HistoryRow.Failure.of(problem);
		if (problem.place() == null || problem.place().script().equals(this.origin.script())) {
			return failure;
		}
		String message = failure.message().equals(problem.what()) ? failure.message()
				: problem.what() + " " + failure.message();
		return new HistoryRow.Failure(failure.code(), message, failure.sqlState(), null, failure.statement());
	}

	private HistoryRow row(MigrationState state, HistoryRow.@Nullable Failure failure) {
		boolean ended = state != MigrationState.RUNNING;
		Checksum checksum = this.step.migration().checksum();
		int done = (state == done()) ? this.step.statementCount() : this.committed;
		int begun = ended ? done : done + 1;
		HistoryEntry entry = new HistoryEntry(this.rank, this.step.migration().identity(),
				this.step.migration().description(), this.step.migration().script(),
				(checksum != null) ? checksum.value() : null, state, this.step.statementCount(), done,
				this.step.isAtomic() ? atomicJournal(state)
						: journal(done, begun, (state != done()) ? this.record : null, !ended && failure == null),
				this.step.isUndo());
		return new HistoryRow(entry, this.started, ended ? this.context.clock().instant() : null, this.context.author(),
				failure, this.context.note());
	}

	/** The state of the migration when the step has come to its end. */
	private MigrationState done() {
		return this.step.isUndo() ? MigrationState.UNDONE : MigrationState.APPLIED;
	}

	private String journal() {
		return journal(this.executed);
	}

	private String journal(int done) {
		return journal(done, done + 1, this.record, true);
	}

	/**
	 * Which statements are done, so that a later run knows them again, the values of what
	 * was begun, and what was made of the session. Where an earlier version has said
	 * nothing of that, it may have left any statement in doubt: a later run has to see so
	 * as long as this one has come no further.
	 */
	private String journal(int done, int begun, @Nullable SessionRecord session, boolean atWork) {
		HistoryEntry resumed = this.step.resumed();
		boolean asFound = resumed != null && resumed.session() == null && done <= this.step.done().size();
		SqlStatement next = (begun < this.statements.size()) ? this.statements.get(begun) : null;
		Backend backend = this.session.backend();
		return String.valueOf(HistoryEntry.journal(this.alone, this.checksums.of(done).value(), this.step.basis(next),
				asFound ? null : session, atWork ? backend.pid() + " " + backend.start() : null));
	}

	/** Of a failed one nothing is left, and a version never runs again. */
	private @Nullable String atomicJournal(MigrationState state) {
		boolean again = state == MigrationState.APPLIED
				&& this.step.migration().identity() instanceof Identity.Repeatable;
		return again ? HistoryEntry.journal(false, null, this.step.basis()) : null;
	}

	/** Runs the parts of a step that commits in between. */
	private final class Parts implements Segment.Visitor<HistoryConflictException, StepFailure> {

		private final boolean inDoubt;

		/**
		 * Prepares to run one.
		 * @param inDoubt whether it is the one at which the last run ended
		 */
		Parts(boolean inDoubt) {
			this.inDoubt = inDoubt;
		}

		@Override
		public void transaction(Segment.Transaction transaction) throws HistoryConflictException, StepFailure {
			runShared(transaction, this.inDoubt);
		}

		@Override
		public void alone(Segment.Alone alone) throws HistoryConflictException, StepFailure {
			if (!(this.inDoubt && isDone(alone.statement()))) {
				runAlone(alone.statement());
			}
		}

		@Override
		public void code(Segment.Code code) {
			throw new IllegalStateException("Code is one transaction with its history row");
		}

	}

	/** Follows a transaction command by command, the first one being its BEGIN. */
	private final class Progress implements Runnable {

		/** The BEGIN, and the check of what was deferred. */
		private static final int AFTER_DEFERRED = 2;

		/** The settings of our write, the row, and its check; then comes the commit. */
		private static final int OWN_COMMANDS = 3;

		private final List<SqlStatement> statements;

		private int completed;

		Progress(List<SqlStatement> statements) {
			this.statements = statements;
		}

		@Override
		public void run() {
			int next = this.completed++;
			if (next > 0 && next <= this.statements.size()) {
				StepRunner.this.executed++;
			}
			if (next < this.statements.size()) {
				beginWatch(this.statements.get(next));
			}
			else if (next == this.statements.size()) {
				StepRunner.this.context.watch().begin(Work.commit(StepRunner.this.origin));
			}
		}

		/** The statement after a callback is watched from where it begins. */
		void goOn() {
			int next = this.completed - 1;
			if (next >= 0 && next < this.statements.size()) {
				beginWatch(this.statements.get(next));
			}
			else if (next == this.statements.size()) {
				StepRunner.this.context.watch().begin(Work.commit(StepRunner.this.origin));
			}
		}

		boolean isAtEnd() {
			return this.completed > this.statements.size();
		}

		/**
		 * Whether the file has nothing to do with the error: what it left for the end of
		 * its transaction is done, and the session is not being made fresh yet.
		 */
		boolean isAtOwnWrite() {
			int own = this.completed - this.statements.size() - AFTER_DEFERRED;
			return own >= 0 && own <= OWN_COMMANDS;
		}

		/** The driver only refuses a setting when its statement is through. */
		@Nullable SqlStatement failed(SQLException ex) {
			int index = this.completed - (SessionEnd.isRefusedByDriver(StepRunner.this.session.errorOf(ex)) ? 2 : 1);
			return (index >= 0) ? this.statements.get(index) : null;
		}

	}

	/** One go at a segment. */
	@FunctionalInterface
	interface Attempt {

		void run() throws HistoryConflictException, StepFailure;

	}

	/** What comes between one go and the next. */
	@FunctionalInterface
	interface RollBack {

		void after(StepFailure failure) throws StepFailure;

	}

	/** What the history has of a step that failed. */
	enum Row {

		/** Nothing that tells of the failure. */
		MISSING,

		/** The row of a step that came to its end. */
		COMMITTED,

		/** What others have written since, which must stay as it is. */
		OF_OTHERS;

		static Row of(Outcome outcome) {
			if (outcome instanceof Outcome.Committed) {
				return COMMITTED;
			}
			return outcome.isToBeRecorded() ? MISSING : OF_OTHERS;
		}

	}

	/** A statement or the commit failed; the transaction may still be open. */
	static final class StepFailure extends Exception {

		private static final long serialVersionUID = 1L;

		private final TidemarkException failure;

		private final transient List<Blocker> blockers;

		private final Row row;

		private boolean procedure;

		StepFailure(TidemarkException failure, List<Blocker> blockers) {
			this(failure, blockers, Row.MISSING);
		}

		StepFailure(TidemarkException failure, List<Blocker> blockers, Row row) {
			super(failure);
			this.failure = failure;
			this.blockers = List.copyOf(blockers);
			this.row = row;
		}

		/** Whether the history still lacks the row that tells of the failure. */
		boolean isToBeRecorded() {
			return this.row == Row.MISSING;
		}

		/** Whether the step is committed all the same, with its final row. */
		boolean isCommitted() {
			return this.row == Row.COMMITTED;
		}

		/** Whether nobody knows yet what became of the step. */
		boolean isUnknown() {
			return this.failure.code() == ErrorCode.OUTCOME_UNKNOWN;
		}

		/** Only a procedure or a block can end a transaction from within a statement. */
		boolean endsTransactionItself() {
			return this.procedure && isTransactionTermination();
		}

		/** Whether the server refused to end a transaction from within a statement. */
		boolean isTransactionTermination() {
			ServerError server = this.failure.problems().get(0).server();
			return server != null && server.is(INVALID_TRANSACTION_TERMINATION);
		}

		TidemarkException failure() {
			return this.failure;
		}

		/** Returns the same failure, of which more is known. */
		StepFailure withState(String state) {
			StepFailure told = new StepFailure(
					new TidemarkException(this.failure.problems().get(0).withState(state), this.failure.getCause()),
					this.blockers, this.row);
			told.procedure = this.procedure;
			return told;
		}

		List<Blocker> blockers() {
			return this.blockers;
		}

		boolean isLockNotGranted() {
			return this.failure.code() == ErrorCode.LOCK_TIMEOUT;
		}

		/** Adds what the attempts before it have shown. */
		StepFailure after(int attempts, Duration spent, Obstruction seen) {
			Problem problem = this.failure.problems().get(0);
			Problem told = new Problem(problem.code(), problem.severity(),
					problem.what() + " It was tried " + attempts + " times in " + spent.toMillis()
							+ " ms. In the way, when last seen: " + seen + ".",
					problem.place(), problem.server(), problem.state(), problem.remedy());
			return new StepFailure(new TidemarkException(told, this.failure.getCause()), seen.blockers());
		}

	}

	/** Another instance has written the history since it was read. */
	static final class HistoryConflictException extends Exception {

		private static final long serialVersionUID = 1L;

	}

}
