package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.command.Engine;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.backfill.RecordedBackfill;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.rollout.BackfillControl;
import dev.tidemark.rollout.BackfillDryRun;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.Backfills;
import dev.tidemark.rollout.pace.Throttle;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.Lease;
import dev.tidemark.session.lock.LockPurpose;
import dev.tidemark.session.outcome.ConnectionProblems;

/**
 * The backfills of a database: one schema of it, or those of many tenants. Of all
 * instances, one works at a time, and on one backfill.
 *
 * @since 0.1.0
 */
public final class DatabaseBackfills implements Backfills {

	/** So late is a take-over at most, and so seldom does one that waits ask. */
	private static final Duration LEASE_POLL = Duration.ofSeconds(5);

	/**
	 * Looks of one that waits at what is left take no more than this part of the time.
	 */
	private static final int LOOK_SHARE = 20;

	private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

	private static final Logger logger = PlainLogger.of(DatabaseBackfills.class);

	private final Engine engine;

	private final RolloutSettings settings;

	private final Schemas schemas;

	private final Set<Stop> going = ConcurrentHashMap.newKeySet();

	/** What has ended here, and may go on elsewhere, with the state that was told. */
	private final Map<String, BackfillState> ended = new ConcurrentHashMap<>();

	/** What this instance works on, with what only it knows. */
	private volatile @Nullable Supervisor current;

	/**
	 * Makes the backfills of a database.
	 * @param engine what to work with
	 * @param settings how to go about it
	 * @param schemas where they are
	 */
	public DatabaseBackfills(Engine engine, RolloutSettings settings, Schemas schemas) {
		this.engine = engine;
		this.settings = settings;
		this.schemas = schemas;
	}

	@Override
	public List<BackfillProgress> progress() {
		return Progresses.of(found(), this.current);
	}

	@Override
	public List<BackfillProgress> required() {
		return withSession((session) -> {
			this.schemas.requireKnown(session);
			return Progresses.of(look(session).stream().filter(Found::required).toList(), this.current);
		}).stream().filter(Progresses::isUnfinished).toList();
	}

	private List<Found> found() {
		return withSession(this::look);
	}

	/** Looks with what each of them waits for. */
	private List<Found> look(Session session) throws SQLException {
		return new WorkOrder(session).explained(this.schemas.look(session, false));
	}

	private <T> T withSession(Look<T> look) {
		try (Session session = Session.open(this.engine.connections(), this.engine.settings().session(),
				Engine.LOGIN_TIMEOUT)) {
			try {
				session.prepare();
				return look.in(session);
			}
			catch (SQLException ex) {
				throw lost(session, "reading or writing the record of backfills", ex);
			}
		}
	}

	private static TidemarkException lost(Session session, String doing, SQLException ex) {
		TidemarkException lost = ConnectionProblems.whileWorking(session, doing, ex);
		return new TidemarkException(lost.problems()
			.get(0)
			.withState("What batches have committed stays, and their position with it.")
			.withRemedy("Whoever works on them next goes on from there."), lost.getCause());
	}

	@Override
	public List<BackfillProgress> work(BackfillScope scope) {
		Stop stop = new Stop();
		this.going.add(stop);
		try {
			new Work(scope, stop).run();
		}
		finally {
			this.going.remove(stop);
		}
		List<Found> found = found();
		return Progresses
			.of((scope == BackfillScope.REQUIRED) ? found.stream().filter(Found::required).toList() : found, null);
	}

	@Override
	public void stop() {
		this.going.forEach(Stop::request);
	}

	@Override
	public BackfillProgress control(BackfillControl control) {
		return withSession((session) -> {
			List<Found> found = again(session, control.version());
			new ControlDesk(session).control(found, control);
			return Progresses.of(again(session, control.version()), this.current).get(0);
		});
	}

	private List<Found> again(Session session, MigrationVersion version) throws SQLException {
		return look(session).stream().filter((one) -> one.definition().version().equals(version)).toList();
	}

	@Override
	public List<BackfillProgress> pauseAll(String reason) {
		return withSession((session) -> {
			ControlDesk desk = new ControlDesk(session);
			List<MigrationVersion> paused = desk.pauseAll(this.schemas.look(session, false), reason);
			List<BackfillProgress> all = new ArrayList<>(Progresses.of(
					look(session).stream().filter((one) -> paused.contains(one.definition().version())).toList(),
					this.current));
			for (Unlisted one : this.schemas.unlisted(session)) {
				if (desk.isPaused(one, reason)) {
					all.add(one.paused(reason));
				}
			}
			return all;
		});
	}

	@Override
	public BackfillDryRun dryRun(MigrationVersion version, int batches) {
		Found found = withSession((session) -> ControlDesk.require(again(session, version), version).get(0));
		return DryRun.run(found, batches);
	}

	@FunctionalInterface
	private interface Look<T> {

		T in(Session session) throws SQLException;

	}

	/** What comes after an attempt to work. */
	private enum Turn {

		/** Something may be left that can go on. */
		AGAIN,

		/** Another instance works. */
		WAIT,

		/** Nothing is left, or somebody wants it to stop. */
		OVER

	}

	/**
	 * One call of {@link #work}.
	 */
	private final class Work {

		private final BackfillScope scope;

		private final Stop stop;

		private boolean waiting;

		/** When to look again whether anything is left, as long as it waits. */
		private long nextLook;

		Work(BackfillScope scope, Stop stop) {
			this.scope = scope;
			this.stop = stop;
		}

		void run() {
			try (WorkerConnections connections = new WorkerConnections(DatabaseBackfills.this.engine.connections())) {
				Turn turn = Turn.AGAIN;
				while (turn != Turn.OVER && !this.stop.isRequested()) {
					turn = attempt(connections);
					if (turn == Turn.WAIT) {
						// Many may wait, and none of them keeps a connection.
						connections.take(0);
						this.stop.goesOnAfter(LEASE_POLL);
					}
				}
			}
		}

		/** Works as long as nothing comes in between. */
		private Turn attempt(WorkerConnections connections) {
			Engine engine = DatabaseBackfills.this.engine;
			try {
				return this.stop.during((cancellation) -> {
					try (Session control = Session.open(engine.connections(), engine.settings().session(),
							Engine.LOGIN_TIMEOUT)) {
						try {
							control.prepare();
							cancellation.begin(control);
							return this.waiting ? takeOver(control, connections) : workAll(control, connections);
						}
						catch (SQLException ex) {
							throw lost(control, "working on backfills", ex);
						}
						finally {
							cancellation.end();
						}
					}
				});
			}
			catch (TidemarkException ex) {
				if (this.stop.isRequested()) {
					return Turn.OVER;
				}
				throw ex;
			}
		}

		private Turn workAll(Session control, WorkerConnections connections) throws SQLException {
			if (left(control, true).isEmpty()) {
				return Turn.OVER;
			}
			control.requirePrimary("A backfill");
			Lease lease = new Lease(control, LockPurpose.BACKFILL);
			if (lease.take()) {
				return workAll(lease, control, connections, false);
			}
			this.waiting = true;
			this.nextLook = System.nanoTime();
			logger.info("Another instance works on the backfills: {}",
					lease.holder().map(Object::toString).orElse("it is just ending"));
			return Turn.WAIT;
		}

		/** Goes on for an instance that has let go of the lease. */
		private Turn takeOver(Session control, WorkerConnections connections) throws SQLException {
			Lease lease = new Lease(control, LockPurpose.BACKFILL);
			if (lease.take()) {
				this.waiting = false;
				control.requirePrimary("A backfill");
				return workAll(lease, control, connections, true);
			}
			long begin = System.nanoTime();
			if (begin - this.nextLook < 0) {
				return Turn.WAIT;
			}
			boolean over = left(control, false).isEmpty();
			long end = System.nanoTime();
			this.nextLook = end + Math.min(LOOK_SHARE * (end - begin), LONGEST_PAUSE.toNanos());
			return over ? Turn.OVER : Turn.WAIT;
		}

		/**
		 * Works on all that are left, and lets go of the lease.
		 * @param freshly whether the files are read again: one may have waited long
		 */
		private Turn workAll(Lease lease, Session control, WorkerConnections connections, boolean freshly)
				throws SQLException {
			try {
				List<Found> now = left(control, freshly);
				Turn turn = now.isEmpty() ? Turn.OVER : Turn.AGAIN;
				for (Found next = first(now); next != null && !this.stop.isRequested(); next = first(now)) {
					work(next, control, connections);
					now = remaining(now, next, control);
				}
				return turn;
			}
			catch (InterruptedException ex) {
				return Turn.OVER;
			}
			finally {
				leave(control, lease);
			}
		}

		private void leave(Session control, Lease lease) throws SQLException {
			if (control.isAlive()) {
				control.rollBack();
				lease.leave();
			}
		}

		/** Returns those that can go on now, in order. */
		private List<Found> left(Session control, boolean freshly) throws SQLException {
			List<Found> all = DatabaseBackfills.this.schemas.look(control, freshly);
			all.forEach(this::tellOfOthers);
			WorkOrder order = new WorkOrder(control);
			List<Found> free = order.free(all);
			return (this.scope == BackfillScope.ALL) ? free : order.required(free);
		}

		/** What has ended here, and goes on elsewhere, is no longer ours to tell of. */
		private void tellOfOthers(Found found) {
			BackfillState told = DatabaseBackfills.this.ended.get(name(found));
			if (told != null && told != found.state()) {
				DatabaseBackfills.this.ended.remove(name(found));
				listeners(found)
					.tell((listener) -> listener.backfillLeft(found.engine().scope(), new ProgressReport(found).of()));
			}
		}

		private static String name(Found found) {
			return found.definition().version() + " of " + found.history().qualifiedName();
		}

		private Supervisor.Listeners listeners(Found found) {
			return new Supervisor.Listeners(DatabaseBackfills.this.settings.listeners(), found.engine());
		}

		private @Nullable Found first(List<Found> left) {
			return left.isEmpty() ? null : left.get(0);
		}

		/**
		 * Of one that did not end well, those wait that walk the same table, or a linked
		 * one.
		 */
		private List<Found> remaining(List<Found> left, Found ended, Session control) throws SQLException {
			RecordedBackfill record = ended.records().find(control, ended.definition().version()).orElse(null);
			WorkOrder order = new WorkOrder(control);
			if (record == null || Progresses.isUnfinished(record.record().state())) {
				order.behind(ended.with(record));
			}
			return order.free(left.stream().filter((one) -> one != ended).toList());
		}

		private void work(Found next, Session control, WorkerConnections connections)
				throws SQLException, InterruptedException {
			RolloutSettings settings = DatabaseBackfills.this.settings;
			Supervisor supervisor = new Supervisor(next, this.scope == BackfillScope.ALL,
					new Throttle(settings.signals(), settings.throttles()), listeners(next));
			DatabaseBackfills.this.ended.remove(name(next));
			DatabaseBackfills.this.current = supervisor;
			try {
				new BackfillRun(next, supervisor, connections, this.stop).run(control);
			}
			finally {
				DatabaseBackfills.this.current = null;
				if (control.isAlive()) {
					control.rollBack();
					RecordedBackfill last = next.records().find(control, next.definition().version()).orElse(null);
					supervisor.left(last);
					if (last != null && !last.record().state().isGoing()
							&& last.record().state() != BackfillState.FINISHED) {
						DatabaseBackfills.this.ended.put(name(next), last.record().state());
					}
				}
			}
		}

	}

}
