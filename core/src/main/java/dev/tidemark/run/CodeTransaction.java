package dev.tidemark.run;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.TransactionState;

import org.springframework.beans.factory.BeanCurrentlyInCreationException;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.Thrown;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.source.JdbcContext;

/**
 * Lets code work in the transaction that is open. The connection that it lends refuses to
 * end the transaction; what code does to it by SQL is found out afterwards, by asking the
 * server what became of the transaction's id.
 */
final class CodeTransaction {

	private final Session session;

	private final Watch watch;

	CodeTransaction(Session session, Watch watch) {
		this.session = session;
		this.watch = watch;
	}

	/**
	 * Runs code. If it fails, the transaction is rolled back.
	 * @param origin where it comes from
	 * @param code the code
	 * @param state what state the database is in after a failure
	 */
	void run(Origin origin, Code code, String state) throws StepRunner.StepFailure {
		String transaction = lend(origin, state);
		Throwable thrown = call(origin, code);
		if (thrown instanceof InterruptedException) {
			Thread.currentThread().interrupt();
		}
		try {
			if (thrown == null && this.session.isIn(transaction)) {
				return;
			}
			boolean broken = this.session.transactionState() == TransactionState.FAILED;
			this.session.rollBack();
			if (this.session.hasCommitted(transaction)) {
				throw failure(committed(origin, thrown), cause(thrown));
			}
			if (thrown == null) {
				throw failure((broken ? broken(origin) : rolledBack(origin)).withState(state), null);
			}
		}
		catch (SQLException ex) {
			throw broken(origin, thrown, ex, Evidence.ofTransaction(transaction), state);
		}
		throw failure(failed(origin, thrown).withState(state), cause(thrown));
	}

	/** The session has ended; the server still knows what became of the transaction. */
	private StepRunner.StepFailure broken(Origin origin, @Nullable Throwable thrown, SQLException ex, Evidence evidence,
			String state) {
		SQLException sql = (thrown != null) ? Thrown.find(thrown, SQLException.class) : null;
		Breakdown breakdown = Breakdown.unexpected(this.session, (sql != null) ? sql : ex, null);
		Outcome outcome = breakdown.outcome(evidence);
		if (outcome instanceof Outcome.Committed) {
			return failure(committed(origin, thrown), cause(thrown));
		}
		Place place = (thrown != null) ? origin.place(thrown) : origin.place();
		return failure(breakdown.problem(origin, place, outcome, new Breakdown.States("", "", state)),
				breakdown.cause());
	}

	private String lend(Origin origin, String state) throws StepRunner.StepFailure {
		try {
			return this.session.lend();
		}
		catch (SQLException ex) {
			if (Breakdown.of(this.session, ex, null) != null) {
				throw broken(origin, null, ex, Evidence.ofNothingSent(), state);
			}
			throw failure(failed(origin, ex).withState(state), cause(ex));
		}
	}

	/**
	 * Whatever code throws is a failure of it, unless the machine itself is broken; the
	 * stack is whole again once it is unwound.
	 */
	private @Nullable Throwable call(Origin origin, Code code) {
		this.watch.begin(origin, null);
		try (LentConnection lent = new LentConnection(this.session.connection())) {
			code.run(LentJdbc.of(lent.connection()));
			return null;
		}
		catch (Throwable ex) {
			if (ex instanceof VirtualMachineError broken && !(ex instanceof StackOverflowError)) {
				throw broken;
			}
			return ex;
		}
		finally {
			this.watch.end();
		}
	}

	private StepRunner.StepFailure failure(Problem problem, @Nullable Throwable cause) {
		return new StepRunner.StepFailure(new TidemarkException(problem, cause), this.watch.blockers());
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
			return StatementProblems.failed(origin, place, this.session.errorOf(sql));
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
		return DatabaseProblems.isConnectionLost(this.session.errorOf(ex)) && this.session.isAlive();
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

	/** What runs in the transaction. */
	@FunctionalInterface
	interface Code {

		void run(JdbcContext jdbc) throws Exception;

	}

}
