package dev.tidemark.command;

import java.sql.SQLException;
import java.util.UUID;
import java.util.function.Supplier;

import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.run.BaselineResult;
import dev.tidemark.run.Describe;
import dev.tidemark.run.progress.CurrentRun;
import dev.tidemark.run.step.Callbacks;
import dev.tidemark.run.step.RunContext;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.InstanceLock;
import dev.tidemark.session.lock.LockKey;
import dev.tidemark.session.lock.LockPurpose;
import dev.tidemark.session.outcome.ConnectionProblems;
import dev.tidemark.source.Sources;

/**
 * Records at what version an existing database is. Nothing runs.
 *
 * @since 0.1.0
 */
public final class RecordBaseline {

	private static final Logger logger = PlainLogger.of(RecordBaseline.class);

	private final Engine engine;

	private final RunSoFar soFar = new RunSoFar();

	/**
	 * Creates the verb.
	 * @param engine what to work with
	 */
	public RecordBaseline(Engine engine) {
		this.engine = engine;
	}

	/**
	 * Records a baseline, waiting for another instance as a run does.
	 * @param files reads the files, in another thread while the connection is opened
	 * @param baseline at what version the database is, and why
	 * @return the files that count as done now
	 * @throws TidemarkException if the database has another history already
	 */
	public BaselineResult record(Supplier<Sources> files, Baseline baseline) {
		Prefetch<Sources> sources = Prefetch.of("tidemark-files", files);
		CurrentRun doing = new CurrentRun(this.engine.clock());
		try (Session session = Session.open(this.engine.connections(), this.engine.settings().session(),
				Engine.LOGIN_TIMEOUT)) {
			session.prepare();
			session.warnings().forEach((warning) -> logger.warn("{}", warning));
			session.requirePrimary("Recording a baseline");
			HistoryTable table = Schemas.tableOf(this.engine.table(), this.engine.table().read(session.connection()));
			try (InstanceLock lock = InstanceLock.acquire(session,
					LockKey.of(table.qualifiedName(), LockPurpose.MIGRATION), this.engine.settings().waitTimeout())) {
				return record(this.engine.context(lock, session, table, Callbacks.none(), doing,
						UUID.randomUUID().toString(), null), sources, baseline);
			}
		}
		catch (TidemarkException ex) {
			throw this.soFar.changes().toldIn(ex);
		}
		catch (SQLException ex) {
			throw this.soFar.changes().toldIn(ConnectionProblems.whileWorking("recording the baseline", ex));
		}
	}

	private BaselineResult record(RunContext context, Prefetch<Sources> sources, Baseline baseline)
			throws SQLException {
		History history = context.table().read(context.session().connection());
		Plan plan = this.engine.planner().baseline(sources.get(), history, baseline);
		plan.requireNoErrors();
		if (!plan.isEmpty()) {
			if (history.exists()) {
				WritableHistory.require(context.session(), context.table());
			}
			Schemas.createMissing(this.engine, context, history.exists(), this.soFar);
			if (!new Marks(this.engine, this.soFar).record(context, plan, history.lastRank())) {
				throw new TidemarkException(RunProblems.conflict(context.table()));
			}
		}
		return new BaselineResult(history.database(), Describe.migrations(plan.entries()));
	}

}
