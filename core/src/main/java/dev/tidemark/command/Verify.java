package dev.tidemark.command;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.RecordedDecision;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.Describe;
import dev.tidemark.run.Verification;
import dev.tidemark.session.lock.LockHolder;
import dev.tidemark.session.outcome.ConnectionProblems;
import dev.tidemark.source.Sources;

/**
 * Checks that nothing is pending and nothing is wrong, without changing anything.
 *
 * @since 0.1.0
 */
public final class Verify {

	private static final Logger logger = PlainLogger.of(Verify.class);

	private final Engine engine;

	/**
	 * Creates the verb.
	 * @param engine what to work with
	 */
	public Verify(Engine engine) {
		this.engine = engine;
	}

	/**
	 * Checks.
	 * @param sources the files
	 * @return what was found in order
	 * @throws TidemarkException if a migration is pending or something is wrong
	 */
	public Verification verify(Sources sources) {
		try {
			SnapshotReader.Snapshot snapshot = new SnapshotReader(this.engine.connections(),
					this.engine.settings().session(), this.engine.table())
				.read(Engine.LOGIN_TIMEOUT, (connection) -> {
				}, (read, rows) -> read);
			return verify(sources, snapshot);
		}
		catch (SQLException ex) {
			throw ConnectionProblems.whileWorking("reading the history", ex);
		}
	}

	private Verification verify(Sources sources, SnapshotReader.Snapshot snapshot) {
		DatabaseIdentity database = snapshot.history().database();
		Plan plan = this.engine.plan(sources, snapshot.history());
		List<Problem> problems = new ArrayList<>();
		if (snapshot.lockHolder() != null) {
			plan = plan.whileRunning();
			problems.add(running(snapshot.lockHolder()));
		}
		problems.addAll(plan.errors());
		plan.marks().forEach((mark) -> problems.add(pending(mark)));
		plan.steps().forEach((step) -> problems.add(pending(step)));
		boolean pending = !plan.errors().isEmpty() || !plan.isEmpty()
				|| plan.entries().stream().anyMatch((entry) -> entry.state() == MigrationState.RUNNING);
		this.engine.warn(logger, plan.warnings());
		Verification verification = new Verification(this.engine.scope(), database, Describe.migrations(plan.entries()),
				pending ? problems : List.of());
		this.engine.listeners().tell((listener) -> listener.verified(verification));
		if (!verification.isInOrder()) {
			throw new TidemarkException(verification.problems());
		}
		this.engine.info(logger, "Database {}, schema {} is up to date; nothing was changed", database.name(),
				database.schema());
		return verification;
	}

	private static Problem running(LockHolder holder) {
		return Problem.error(ErrorCode.PENDING, null, "Another instance is migrating now: " + holder + ".",
				"Start again when it is done.");
	}

	private static Problem pending(RecordedDecision mark) {
		return Problem.error(ErrorCode.PENDING, null,
				"It is not recorded yet, and this start may not change the database: " + mark + ".",
				"Let an instance with tidemark.mode=migrate and the same settings run first.");
	}

	private static Problem pending(Step step) {
		return Problem.error(ErrorCode.PENDING, Place.file(step.migration().script()),
				"The database lacks " + step.migration().identity().inWords() + ", and this start may not change it.",
				"Let an instance with tidemark.mode=migrate run it first.");
	}

}
