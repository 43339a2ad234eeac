package dev.tidemark.run.step.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.progress.CurrentRun;
import dev.tidemark.run.settings.Willingness;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.RelationHolder;
import dev.tidemark.session.lock.RelationHolders;
import dev.tidemark.session.lock.RelationLock;
import dev.tidemark.session.watch.AwaitedLock;
import dev.tidemark.session.watch.Blocker;
import dev.tidemark.session.watch.Obstruction;

/**
 * Looks who is in the way before an attempt queues for its locks, since whoever queues
 * makes all wait that come after it. As long as somebody is in the way who has been there
 * for longer than one is willing to queue, it only looks. The session that migrates looks
 * itself, where it is in no transaction.
 */
final class LookAhead {

	private static final Duration INTERVAL = Duration.ofMillis(50);

	private static final Duration FIRST_REPORT = Duration.ofSeconds(5);

	private static final Duration NEXT_REPORT = Duration.ofSeconds(10);

	private static final Logger logger = PlainLogger.of(LookAhead.class);

	private final Session session;

	private final Willingness willingness;

	private final CurrentRun doing;

	private final LockReport report;

	/** Nothing of it is loaded where nobody looks. */
	private @Nullable RelationHolders holders;

	private final VacuumYield vacuums;

	private final long start = System.nanoTime();

	private final List<RelationLock> wanted;

	private final Opening unseen;

	private Obstruction seen = Obstruction.UNSEEN;

	/** How long no attempt was made because of others. */
	private Duration looked = Duration.ZERO;

	/** Whether the server has refused a look. */
	private boolean blind;

	/**
	 * Prepares to look.
	 * @param wanted the locks that are known beforehand
	 * @param unseen how to open a transaction of which nothing is known beforehand
	 * @param extent what holds together what will run
	 */
	LookAhead(Session session, Willingness willingness, CurrentRun doing, LockReport report, List<RelationLock> wanted,
			Opening unseen, LockNeeds.Extent extent) {
		this.session = session;
		this.willingness = willingness;
		this.doing = doing;
		this.report = report;
		this.wanted = new ArrayList<>(wanted);
		this.unseen = unseen;
		this.vacuums = new VacuumYield(session, extent);
	}

	/**
	 * Waits until it is worth to queue.
	 * @return how to open the transaction of the attempt
	 * @throws StepFailure if the run was ended meanwhile
	 */
	Opening await() throws StepFailure {
		long begin = System.nanoTime();
		Duration now = this.willingness.ceiling();
		Duration nextReport = Duration.ZERO;
		while (!this.wanted.isEmpty() && !this.blind) {
			Duration spent = spent();
			Duration willing = this.willingness.after(spent);
			List<RelationHolder> inTheWay = look();
			List<RelationHolder> tooOld = inTheWay.stream().filter((holder) -> isTooOld(holder, willing)).toList();
			if (tooOld.isEmpty() && VacuumYield.isPossible(inTheWay)) {
				Opening opened = this.vacuums.await(inTheWay);
				if (opened != null) {
					return queue(begin, nextReport, opened.queueing(now, willing));
				}
			}
			else if (tooOld.isEmpty() || this.willingness.isWhateverHappens(spent)) {
				return queue(begin, nextReport, Opening.BEGIN.queueing(now, willing));
			}
			else {
				nextReport = tell(Duration.ofNanos(System.nanoTime() - begin), nextReport, willing, tooOld);
				pause(INTERVAL, this.seen);
			}
		}
		return queue(begin, nextReport, this.unseen);
	}

	private Opening queue(long begin, Duration nextReport, Opening opening) {
		if (!nextReport.isZero()) {
			Duration phase = Duration.ofNanos(System.nanoTime() - begin);
			this.looked = this.looked.plus(phase);
			if (!this.session.isGivenUp()) {
				this.report.queues(phase);
			}
		}
		return opening;
	}

	private RelationHolders holders() {
		if (this.holders == null) {
			this.holders = new RelationHolders(this.session.connection(), this.session.settings().mask());
		}
		return this.holders;
	}

	private boolean isTooOld(RelationHolder holder, Duration willing) {
		return switch (holder.kind()) {
			case CLIENT -> holder.isOlderThan(willing);
			case AUTOVACUUM -> this.vacuums.hasStayed(holder);
			case WRAPAROUND_VACUUM -> true;
		};
	}

	/** What cannot be looked at does not keep an attempt from being made. */
	private List<RelationHolder> look() throws StepFailure {
		try {
			List<RelationHolder> inTheWay = holders().look(this.wanted);
			this.seen = inTheWay.isEmpty() ? Obstruction.UNSEEN : obstruction(inTheWay);
			return inTheWay;
		}
		catch (SQLException ex) {
			if (Thread.currentThread().isInterrupted()) {
				throw this.report.ended(this.seen);
			}
			this.blind = true;
			this.session.overhear(ex);
			if (!this.session.isAlive()) {
				// The attempt tells, and finds out what became of the session.
				return List.of();
			}
			logger.warn("Who is in the way of {} cannot be looked at, so that it is queued for them without a look: {}",
					this.wanted, this.session.errorOf(ex));
			return List.of();
		}
	}

	/** Tells of the first of the locks that are held. */
	private static Obstruction obstruction(List<RelationHolder> inTheWay) {
		RelationLock lock = inTheWay.get(0).wanted();
		List<Blocker> blockers = inTheWay.stream()
			.filter((holder) -> holder.wanted().equals(lock))
			.map(RelationHolder::session)
			.distinct()
			.toList();
		return new Obstruction(lock.awaited(), blockers);
	}

	private Duration tell(Duration elapsed, Duration nextReport, Duration willing, List<RelationHolder> tooOld) {
		this.seen = obstruction(tooOld);
		this.doing.look(this.seen);
		if (elapsed.compareTo(nextReport) < 0) {
			return nextReport;
		}
		this.report.looks(this.seen, elapsed, willing);
		return nextReport.isZero() ? FIRST_REPORT : elapsed.plus(NEXT_REPORT);
	}

	/**
	 * Waits before the next look, or the next attempt: nobody is told when a lock is let
	 * go, so that only time can pass here.
	 * @param inTheWay what is told if the run is ended meanwhile
	 */
	void pause(Duration pause, Obstruction inTheWay) throws StepFailure {
		try {
			Thread.sleep(pause.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw this.report.ended(inTheWay);
		}
	}

	/** Hears which lock an attempt did not get: that was perhaps not known beforehand. */
	void learn(@Nullable AwaitedLock lock) {
		if (lock == null || this.blind) {
			return;
		}
		try {
			RelationLock found = holders().find(lock);
			if (found != null) {
				want(found);
			}
		}
		catch (SQLException ex) {
			logger.debug("What {} is about could not be looked up: {}", lock, this.session.errorOf(ex));
		}
	}

	/** What was not known beforehand may need a stronger lock than what was. */
	private void want(RelationLock found) {
		for (int i = 0; i < this.wanted.size(); i++) {
			RelationLock known = this.wanted.get(i);
			if (known.relation() == found.relation()) {
				this.wanted.set(i,
						new RelationLock(known.relation(), known.name(), known.mode().strongest(found.mode())));
				return;
			}
		}
		this.wanted.add(found);
	}

	/** Returns who was in the way with the last look. */
	Obstruction seen() {
		return this.seen;
	}

	/** Tells whether the server has refused a look, as it would the next one. */
	boolean isBlind() {
		return this.blind;
	}

	/** Returns how long it has been since the first look. */
	Duration spent() {
		return Duration.ofNanos(System.nanoTime() - this.start);
	}

	/** Returns how much of that no attempt was made because of others. */
	Duration looked() {
		return this.looked;
	}

}
