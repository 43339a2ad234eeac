package dev.tidemark.run.code;

import java.sql.SQLException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.TransactionState;

import org.springframework.beans.factory.BeanCurrentlyInCreationException;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.Thrown;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryEvidence;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.run.failure.Origin;
import dev.tidemark.run.failure.StatementProblems;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.progress.Work;
import dev.tidemark.session.OpenTransaction;
import dev.tidemark.session.Session;
import dev.tidemark.session.outcome.Breakdown;
import dev.tidemark.session.outcome.Outcome;
import dev.tidemark.session.outcome.PreparedTransaction;
import dev.tidemark.session.watch.StatementWatch;

/**
 * Lets code work in the transaction that is open. The connection that it lends refuses to
 * end the transaction; what code does to it by SQL is found out afterwards, by asking the
 * server what became of the transaction's id.
 *
 * @since 0.1.0
 */
public final class CodeTransaction {

	/** Where the classes of the driver are. */
	private static final String DRIVER = "org.postgresql.";

	private final Session session;

	private final StatementWatch watch;

	public CodeTransaction(Session session, StatementWatch watch) {
		this.session = session;
		this.watch = watch;
	}

	/**
	 * Runs code. If it fails, the transaction is rolled back.
	 * @param origin where it comes from
	 * @param code the code
	 * @param state what state the database is in after a failure
	 */
	public void run(Origin origin, Code code, String state) throws StepFailure {
		OpenTransaction transaction = lend(origin, state);
		GuardedConnection lent = new GuardedConnection(this.session.connection());
		Throwable thrown = call(origin, code, lent);
		if (thrown instanceof InterruptedException) {
			Thread.currentThread().interrupt();
		}
		HistoryEvidence evidence = HistoryEvidence.ofTransaction(transaction.id());
		Error error = errorOfMachine(lent, thrown);
		if (error != null) {
			throw broken(origin, thrown, Breakdown.unexpected(this.session, error, null), origin.place(error), evidence,
					state);
		}
		String perhaps;
		try {
			if (thrown == null && this.session.transactionState() == TransactionState.OPEN
					&& transaction.isStillOf(this.session.connection())) {
				return;
			}
			boolean broken = this.session.transactionState() == TransactionState.FAILED;
			this.session.rollBack();
			requireNotKept(origin, transaction, thrown);
			if (thrown == null) {
				throw failure((broken ? broken(origin) : rolledBack(origin)).withState(state + perhaps(transaction)),
						null);
			}
			perhaps = perhaps(transaction);
		}
		catch (SQLException ex) {
			throw broken(origin, thrown, ex, lent.end(), evidence, state);
		}
		throw failure(failed(origin, thrown).withState(state + perhaps), cause(thrown));
	}

	/** Looks for what the code has done to its transaction. */
	private void requireNotKept(Origin origin, OpenTransaction transaction, @Nullable Throwable thrown)
			throws SQLException, StepFailure {
		if (transaction.hasCommitted(this.session.connection())) {
			Problem committed = committed(origin, thrown);
			throw failure(committed.withState(committed.state() + perhaps(transaction)), cause(thrown));
		}
		PreparedTransaction prepared = PreparedTransaction.of(this.session.connection(), transaction.id());
		if (prepared != null) {
			throw failure(prepared(origin, prepared, thrown), cause(thrown));
		}
	}

	/** Code may have begun transactions of its own after that. */
	private String perhaps(OpenTransaction transaction) throws SQLException {
		return PreparedTransaction.perhaps(PreparedTransaction.since(this.session.connection(), transaction.begin()));
	}

	private Problem prepared(Origin origin, PreparedTransaction prepared, @Nullable Throwable thrown) {
		return prepared.problem(origin.inWords(), origin.migration() != null,
				(thrown != null) ? origin.place(thrown) : origin.place(),
				(thrown != null) ? ", and then failed: " + told(thrown) : "");
	}

	/**
	 * Returns the error after which the session cannot be trusted: one that came in the
	 * middle of the driver's work, whether or not the code has caught it, or one of the
	 * machine. The stack alone is whole again once it is unwound.
	 */
	private static @Nullable Error errorOfMachine(GuardedConnection lent, @Nullable Throwable thrown) {
		if (lent.error() != null || thrown == null) {
			return lent.error();
		}
		VirtualMachineError machine = Thrown.find(thrown, VirtualMachineError.class);
		return (machine instanceof StackOverflowError && !isOfDriver(machine)) ? null : machine;
	}

	/** What the code has unwrapped nobody hears. */
	private static boolean isOfDriver(Throwable thrown) {
		return Arrays.stream(thrown.getStackTrace()).anyMatch((frame) -> frame.getClassName().startsWith(DRIVER));
	}

	/**
	 * The session has ended. The code may have caught what the server said of that, and
	 * gone on.
	 */
	private StepFailure broken(Origin origin, @Nullable Throwable thrown, SQLException ex, @Nullable SQLException end,
			HistoryEvidence evidence, String state) {
		SQLException sql = (end == null && thrown != null) ? Thrown.find(thrown, SQLException.class) : end;
		Breakdown breakdown = Breakdown.unexpected(this.session, (sql != null) ? sql : ex, null);
		return broken(origin, thrown, (end != null && thrown == null) ? breakdown.caught() : breakdown,
				(thrown != null) ? origin.place(thrown) : origin.place(), evidence, state);
	}

	/** The session has ended; the server still knows what became of the transaction. */
	private StepFailure broken(Origin origin, @Nullable Throwable thrown, Breakdown breakdown, Place place,
			HistoryEvidence evidence, String state) {
		Outcome outcome = breakdown.outcome(evidence);
		if (outcome instanceof Outcome.Committed) {
			return failure(committed(origin, thrown), (thrown != null) ? cause(thrown) : breakdown.cause());
		}
		if (outcome instanceof Outcome.Prepared kept) {
			return failure(prepared(origin, kept.transaction(), thrown),
					(thrown != null) ? cause(thrown) : breakdown.cause());
		}
		return failure(StatementProblems.broken(breakdown, origin, place, outcome, new Breakdown.States("", "", state)),
				breakdown.cause());
	}

	private OpenTransaction lend(Origin origin, String state) throws StepFailure {
		try {
			return this.session.lend();
		}
		catch (SQLException ex) {
			if (Breakdown.of(this.session, ex, null) != null) {
				throw broken(origin, null, ex, null, HistoryEvidence.ofNothingSent(), state);
			}
			throw failure(failed(origin, ex).withState(state), cause(ex));
		}
	}

	/** Whatever code throws is a failure of it. */
	private @Nullable Throwable call(Origin origin, Code code, GuardedConnection connection) {
		this.watch.begin(Work.of(origin, null));
		try (connection) {
			code.run(GuardedJdbc.of(connection.connection()));
			return null;
		}
		catch (Throwable ex) {
			return ex;
		}
		finally {
			this.watch.end();
		}
	}

	private StepFailure failure(Problem problem, @Nullable Throwable cause) {
		return new StepFailure(new TidemarkException(problem, cause), this.watch.blockers());
	}

	private Problem failed(Origin origin, Throwable thrown) {
		Place place = origin.place(thrown);
		Problem refused = refusal(thrown);
		if (refused != null) {
			return new Problem(refused.code(), refused.severity(), refused.what(), place, null, refused.state(),
					refused.remedy());
		}
		if (Thrown.find(thrown, BeanCurrentlyInCreationException.class) != null) {
			return tooEarly(origin, place, thrown);
		}
		SQLException sql = Thrown.find(thrown, SQLException.class);
		if (sql != null && !isOfAnotherConnection(sql)) {
			return StatementProblems.failed(this.session, origin, place, this.session.errorOf(sql));
		}
		return Problem.error(origin.failure(), place,
				"The code of " + origin.inWords() + " failed: " + told(thrown) + ".", origin.remedy());
	}

	/** A bean that code asks for while it runs may be one that waits for the run. */
	private Problem tooEarly(Origin origin, Place place, Throwable thrown) {
		return Problem.error(ErrorCode.CODE_TOO_EARLY, place, "The code of " + origin.inWords()
				+ " asks for a bean that waits for the migrations, as JPA, JdbcClient and jOOQ do, so it would wait for "
				+ "itself: " + told(thrown) + ".",
				"Work with the JdbcClient that the code is given, which is in its transaction. What needs entities or "
						+ "repositories belongs after the start, such as into an ApplicationRunner.");
	}

	/** Code may use databases of its own; what is lost there is none of this session. */
	private boolean isOfAnotherConnection(SQLException ex) {
		return this.session.errorOf(ex).isConnectionLost() && this.session.isAlive();
	}

	private static @Nullable Problem refusal(Throwable thrown) {
		TidemarkException refusal = Thrown.find(thrown, TidemarkException.class);
		return (refusal != null) ? refusal.problems().get(0) : null;
	}

	private Problem committed(Origin origin, @Nullable Throwable thrown) {
		return Problem
			.error(ErrorCode.CODE_COMMITTED, (thrown != null) ? origin.place(thrown) : origin.place(),
					"The code of "
							+ origin.inWords() + " committed the transaction that it ran in by itself"
							+ ((thrown != null) ? ", and then failed: " + told(thrown) : "") + ".",
					(origin.migration() != null)
							? "Remove the COMMIT from the code. Look at the database and decide what became of the migration; "
									+ "the next start says how."
							: "Remove the COMMIT from the code, and look at the database. Was it the transaction of a "
									+ "migration, the next start says how to decide what became of that.")
			.withState("What was done until that commit stays, the rest was rolled back.");
	}

	private static Problem rolledBack(Origin origin) {
		return Problem.error(ErrorCode.CODE_TRANSACTION, origin.place(),
				"The code of " + origin.inWords() + " rolled back the transaction that it ran in.",
				"Remove the ROLLBACK from the code: to throw an exception is how it says that nothing is to stay.");
	}

	private static Problem broken(Origin origin) {
		return Problem.error(ErrorCode.CODE_TRANSACTION, origin.place(),
				"The code of " + origin.inWords()
						+ " went on after a statement had failed, which broke its transaction.",
				"Let the exception of the statement pass, or set a savepoint before it and roll back to that.");
	}

	private String told(Throwable thrown) {
		return clean(thrown).inWords();
	}

	private @Nullable Throwable cause(@Nullable Throwable thrown) {
		return (thrown != null) ? clean(thrown).withoutSecrets() : null;
	}

	private Thrown clean(Throwable thrown) {
		return new Thrown(thrown, this.session.settings().mask());
	}

	/**
	 * What runs in the transaction.
	 *
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface Code {

		void run(JdbcContext jdbc) throws Exception;

	}

}
