package dev.tidemark.rollout.batch;

import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

import dev.tidemark.catalogue.batch.KeyRange;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.Thrown;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.CodeBackfill;
import dev.tidemark.migration.Migration;
import dev.tidemark.run.code.CodeCall;
import dev.tidemark.run.failure.Origin;
import dev.tidemark.session.Session;

/**
 * Code, which is called for each batch over a connection that it cannot commit. What it
 * has changed is counted as far as it was told itself.
 *
 * @since 0.1.0
 */
public final class CodeContent implements BatchContent {

	private final CodeBackfill code;

	private final Origin origin;

	/**
	 * Takes the code of a backfill.
	 * @param migration the backfill
	 * @param code its code
	 */
	public CodeContent(Migration migration, CodeBackfill code) {
		this.code = code;
		this.origin = new Origin("backfill " + migration.identity().version(), migration.identity(), false,
				migration.script(), ClassUtils.getUserClass(code), ErrorCode.BACKFILL_FAILED,
				"Correct the code, or what it works with, then resume the backfill; it goes on behind the last batch.",
				List.of(), null);
	}

	@Override
	public Changes run(Session session, KeyRange keys) throws SQLException, BatchFailure {
		CodeCall call = CodeCall.of(session, (jdbc) -> this.code.run(new RangeKeys(keys, jdbc), jdbc));
		Throwable thrown = call.thrown();
		Place place = (thrown != null) ? this.origin.place(thrown) : this.origin.place();
		switch (call.end()) {
			case LOST:
				throw new BatchFailure(BatchFailure.Kind.LOST, lost(session, thrown, place));
			case COMMITTED:
				throw new BatchFailure(BatchFailure.Kind.LASTING, committed(place));
			case ENDED:
				throw new BatchFailure(BatchFailure.Kind.LASTING, ended(place));
			case BROKEN, OPEN:
				break;
		}
		if (thrown != null) {
			throw failure(session, keys, thrown, place);
		}
		if (call.end() == CodeCall.End.BROKEN) {
			throw new BatchFailure(BatchFailure.Kind.LASTING, broken(place));
		}
		return new Changes(call.rows(), 0);
	}

	/**
	 * What the server refuses is of the kind that it says; whatever else stops the code
	 * may pass, as a service does that is not there just now.
	 */
	private BatchFailure failure(Session session, KeyRange keys, Throwable thrown, Place place) {
		TidemarkException refusal = Thrown.find(thrown, TidemarkException.class);
		if (refusal != null) {
			Problem problem = refusal.problems().get(0);
			return new BatchFailure(BatchFailure.Kind.LASTING,
					Problem.error(problem.code(), place, problem.what(), problem.remedy())
						.withServer(problem.server()));
		}
		SQLException sql = Thrown.find(thrown, SQLException.class);
		ServerError error = (sql != null) ? session.errorOf(sql) : null;
		if (error != null && !error.isConnectionLost()) {
			return new BatchFailure(error, place, sql);
		}
		return new BatchFailure(BatchFailure.Kind.PASSING,
				problem(ErrorCode.BACKFILL_FAILED, place, " failed for " + BatchProblems.between(keys) + ": "
						+ new Thrown(thrown, session.settings().mask()).inWords() + ".", this.origin.remedy()));
	}

	private Problem lost(Session session, @Nullable Throwable thrown, Place place) {
		return problem(ErrorCode.BACKFILL_FAILED, place, " lost its connection"
				+ ((thrown != null) ? ": " + new Thrown(thrown, session.settings().mask()).inWords() : "") + ".",
				this.origin.remedy());
	}

	private Problem committed(Place place) {
		return problem(ErrorCode.CODE_COMMITTED, place, " committed the transaction of its batch by itself.",
				"Remove the COMMIT from the code. Look at the rows of the batch before the backfill is resumed, as that"
						+ " calls the code for them again.")
			.withState("What the batch had done until that commit stays; its position was not moved.");
	}

	private Problem ended(Place place) {
		return problem(ErrorCode.CODE_TRANSACTION, place, " ended the transaction of its batch by itself.",
				"Remove what ends it, as ROLLBACK or PREPARE TRANSACTION: to throw an exception is how code says that"
						+ " nothing is to stay.");
	}

	private Problem broken(Place place) {
		return problem(ErrorCode.CODE_TRANSACTION, place,
				" went on after a statement had failed, which broke its transaction.",
				"Let the exception of the statement pass, or set a savepoint before it and roll back to that.");
	}

	private Problem problem(ErrorCode code, Place place, String what, String remedy) {
		return Problem.error(code, place, "The code of " + this.origin.inWords() + what, remedy);
	}

	@Override
	public void requireKept(List<String> columns) {
		// Nobody knows before it is called.
	}

	@Override
	public boolean mayMove() {
		return true;
	}

	/** What code does nobody knows before it is called. */
	@Override
	public List<String> explain(Session session, KeyRange keys) {
		return List.of();
	}

	@Override
	public int statements() {
		return 1;
	}

}
