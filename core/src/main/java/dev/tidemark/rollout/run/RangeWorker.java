package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.catalogue.batch.BatchRelation;
import dev.tidemark.catalogue.batch.KeyRange;
import dev.tidemark.catalogue.batch.KeyWalk;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.history.backfill.RecordedBadRow;
import dev.tidemark.history.backfill.RecordedRange;
import dev.tidemark.migration.backfill.BatchLimits;
import dev.tidemark.migration.backfill.FailurePolicy;
import dev.tidemark.migration.backfill.OnBadRow;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.rollout.batch.Batch;
import dev.tidemark.rollout.batch.BatchFailure;
import dev.tidemark.rollout.batch.BatchFailure.Kind;
import dev.tidemark.rollout.batch.BatchProblems;
import dev.tidemark.rollout.batch.BatchTimes;
import dev.tidemark.rollout.batch.KeptPart;
import dev.tidemark.rollout.pace.BatchSize;
import dev.tidemark.rollout.pace.Pace;

/**
 * Works on ranges of keys, batch by batch, until none is left, or no batch may begin any
 * more.
 */
final class RangeWorker {

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

	/** How often it is looked how far a range is: for some minutes. */
	private static final int MOST_LOOKS = 30;

	private static final Logger logger = PlainLogger.of(RangeWorker.class);

	private final Undertaking undertaking;

	private final WorkerSession sessions;

	private final Batch batch;

	private final BatchSize size;

	private final Pace pace;

	/** How often in a row the batch has failed. */
	private int attempts;

	/** How many keys a batch has at most while a row is looked for that breaks a rule. */
	private long most = Long.MAX_VALUE;

	/** How many of the next keys are those among which that row is. */
	private long suspects;

	RangeWorker(Undertaking undertaking, WorkerSession sessions, Batch batch) {
		this.undertaking = undertaking;
		this.sessions = sessions;
		this.batch = batch;
		this.size = new BatchSize(undertaking.definition().options().batch());
		this.pace = new Pace(undertaking.definition().options().pace(), undertaking.definition().options().workers());
	}

	/** Works until there is nothing more to do here. */
	void work() throws InterruptedException {
		for (RecordedRange range = this.undertaking.next(); range != null; range = this.undertaking.next()) {
			Optional<BatchRelation> relation = this.undertaking.table().relation(range.relation());
			if (relation.isEmpty()) {
				warnOfGone(range);
			}
			RecordedRange left = range;
			while (left != null && !left.done()) {
				left = step(left, relation.orElse(null));
			}
			if (left == null) {
				return;
			}
		}
	}

	private void warnOfGone(RecordedRange range) {
		logger.warn("{} is not a part of {} any more, or has another name, and its rows are not walked",
				range.relation(), this.undertaking.table().name());
	}

	/**
	 * Does the next batch.
	 * @param relation what the range lies in, {@code null} if it is gone
	 * @return the range as it is then, {@code null} if no batch may begin any more
	 */
	private @Nullable RecordedRange step(RecordedRange range, @Nullable BatchRelation relation)
			throws InterruptedException {
		Gate.Terms terms = this.undertaking.gate().await();
		if (terms == null || isStopped()) {
			return null;
		}
		this.size.limits(terms.options().batch());
		this.pace.limits(terms.options().pace());
		Duration target = target(terms);
		KeyRange left = (relation != null)
				? new KeyRange(this.undertaking.table(), relation, range.from(), range.upTo()) : null;
		KeyRange keys = left;
		long count = 0;
		try {
			KeyWalk.Step found = (left != null) ? find(left, target) : null;
			if (left == null || found == null) {
				return ended(range);
			}
			keys = new KeyRange(left.table(), left.relation(), left.after(), found.last());
			count = found.keys();
			if (isStopped()) {
				return null;
			}
			long begun = System.nanoTime();
			Batch.Committed committed = this.batch.run(this.sessions.session(), keys, count, range,
					new BatchTimes(this.undertaking.definition().lockTimeout(), target));
			return committed(range, keys, new BatchInfo(range.part(), count, committed.rows(), committed.walBytes(),
					Duration.ofNanos(System.nanoTime() - begun), Instant.now()), terms);
		}
		catch (SQLException ex) {
			return failed(range, keys, count, ofNoRow(this.sessions.failure(ex)));
		}
		catch (BatchFailure ex) {
			return failed(range, keys, count, ex);
		}
	}

	/** No statement of a file has run, so that it is none of its rows that is wrong. */
	private static BatchFailure ofNoRow(BatchFailure failure) {
		return (failure.kind() == Kind.ROW) ? failure.as(Kind.LASTING) : failure;
	}

	/** A request that comes between two statements cancels none. */
	private boolean isStopped() {
		if (this.undertaking.isStopped()) {
			this.undertaking.gate().end(Gate.End.STOPPED, null);
			return true;
		}
		return false;
	}

	private Duration target(Gate.Terms terms) {
		BatchLimits limits = terms.options().batch();
		return terms.throttle().othersWrite() ? limits.targetUnderLoad() : limits.target();
	}

	private KeyWalk.@Nullable Step find(KeyRange left, Duration target) throws SQLException {
		int keys = (int) Math.min(this.most, this.pace.most(this.size.next(target)));
		BatchTimes times = new BatchTimes(Duration.ZERO, target);
		return new KeyWalk(this.sessions.session(), left.table()).next(left, keys, times.statementTimeout().toMillis())
			.orElse(null);
	}

	/** There are no more rows in the range. */
	private RecordedRange ended(RecordedRange range) throws SQLException {
		this.sessions.session().write(this.undertaking.writes().done(this.undertaking.version(), range));
		return range.moved(range.upTo(), RecordedRange.Counts.NONE);
	}

	/**
	 * A verification changes none: what it has counted are rows that do not satisfy it.
	 */
	private static BatchInfo withoutRows(BatchInfo info) {
		return new BatchInfo(info.part(), info.keys(), 0, info.walBytes(), info.took(), info.at());
	}

	private RecordedRange committed(RecordedRange range, KeyRange keys, BatchInfo info, Gate.Terms terms)
			throws InterruptedException {
		this.attempts = 0;
		this.suspects = Math.max(0, this.suspects - info.keys());
		if (this.suspects == 0) {
			this.most = Long.MAX_VALUE;
		}
		this.size.committed(info);
		RecordedRange moved = range.moved(keys.upTo(), new RecordedRange.Counts(info.rows(), info.keys(), 1, 0));
		BatchInfo changed = range.verification() ? withoutRows(info) : info;
		this.undertaking.committed(moved, changed);
		this.undertaking.gate().rest(this.pace.pauseAfter(changed, terms.throttle()));
		return moved;
	}

	private @Nullable RecordedRange failed(RecordedRange range, @Nullable KeyRange keys, long count,
			BatchFailure failure) throws InterruptedException {
		if (isStopped()) {
			return null;
		}
		logger.debug("A batch of backfill {} failed ({}): {}", this.undertaking.version(), failure.kind(),
				failure.getMessage());
		return switch (failure.kind()) {
			case MOVED, LOST -> lookedUp(range, failure, keys);
			case PASSING -> again(range, keys, count, failure);
			case ROW -> narrowed(range, keys, count, failure);
			case GONE -> gone(range, keys, failure);
			case LASTING -> isGone(keys) ? gone(range, keys, failure) : gaveUp(keys, count, failure);
		};
	}

	/** The server says in many ways that it has not found something. */
	private boolean isGone(@Nullable KeyRange keys) {
		try {
			return keys != null && !KeptPart.is(this.sessions.session(), keys.table(), keys.relation());
		}
		catch (SQLException ex) {
			// The failure itself tells more.
			return false;
		}
	}

	/** There are no rows left that would have to be changed. */
	private @Nullable RecordedRange gone(RecordedRange range, @Nullable KeyRange keys, BatchFailure failure)
			throws InterruptedException {
		warnOfGone(range);
		try {
			return ended(range);
		}
		catch (SQLException ex) {
			BatchFailure next = this.sessions.failure(ex);
			return (next.kind() == Kind.LASTING) ? gaveUp(keys, 0, failure) : failed(range, keys, 0, next);
		}
	}

	/**
	 * Nobody knows whether the batch is committed: the database does, as its position
	 * lies beside it.
	 */
	private @Nullable RecordedRange lookedUp(RecordedRange range, BatchFailure failure, @Nullable KeyRange keys)
			throws InterruptedException {
		if (failure.kind() == Kind.LOST) {
			this.attempts++;
		}
		BatchFailure last = failure;
		for (int looks = 1; this.undertaking.gate().ended() == null; looks++) {
			if (looks > MOST_LOOKS) {
				return gaveUp(keys, 0, last);
			}
			int before = Math.max(looks, this.attempts);
			if (before > 1) {
				pause(before);
			}
			try {
				return found(this.sessions.lookUp(range.part()), range, failure, keys);
			}
			catch (SQLException ex) {
				last = this.sessions.failure(ex);
			}
		}
		return null;
	}

	private @Nullable RecordedRange found(@Nullable RecordedRange found, RecordedRange range, BatchFailure failure,
			@Nullable KeyRange keys) {
		if (found == null || (failure.kind() == Kind.MOVED && !isOneBatchMore(found, range, keys))) {
			this.undertaking.gate().end(Gate.End.LOST, null);
			return null;
		}
		if (Objects.equals(found.position(), range.position()) && this.attempts >= attemptsAllowed()) {
			// It may be the batch itself that its session ends by.
			return gaveUp(keys, 0, failure);
		}
		this.undertaking.found(found);
		return found;
	}

	/** A batch of which the answer was lost has moved the position itself. */
	private static boolean isOneBatchMore(RecordedRange found, RecordedRange range, @Nullable KeyRange keys) {
		return keys != null && keys.upTo().equals(found.position())
				&& found.counts().batches() == range.counts().batches() + 1;
	}

	private @Nullable RecordedRange again(RecordedRange range, @Nullable KeyRange keys, long count,
			BatchFailure failure) throws InterruptedException {
		this.size.halve();
		if (++this.attempts >= attemptsAllowed()) {
			return gaveUp(keys, count, failure);
		}
		// A lock may be held for as long as a transaction takes that is left open.
		pause(2 * this.attempts);
		return range;
	}

	private void pause(int doublings) throws InterruptedException {
		Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(doublings, 10));
		this.undertaking.gate().rest((pause.compareTo(LONGEST_PAUSE) < 0) ? pause : LONGEST_PAUSE);
	}

	/** Goes down to the row that breaks a rule. */
	private @Nullable RecordedRange narrowed(RecordedRange range, @Nullable KeyRange keys, long count,
			BatchFailure failure) throws InterruptedException {
		if (keys != null && !isSmallest(keys)) {
			this.suspects = count;
			this.most = Math.max(1, count / 2);
			return range;
		}
		FailurePolicy policy = policy();
		if (keys == null || keys.table().isByBlocks() || policy.onBadRow() == OnBadRow.STOP
				|| !this.undertaking.leavesOut(policy.maxBadRows())) {
			return gaveUp(keys, count, failure);
		}
		return leftOut(range, keys, failure);
	}

	/**
	 * Who has asked for a single key knows which one it is; a range may end behind its
	 * last key.
	 */
	private boolean isSmallest(KeyRange keys) {
		return keys.table().isByBlocks() ? keys.isOneBlock() : this.most == 1;
	}

	private @Nullable RecordedRange leftOut(RecordedRange range, KeyRange keys, BatchFailure failure)
			throws InterruptedException {
		RecordedBadRow bad = BatchProblems.badRow(keys, failure);
		RecordedRange.Counts counts = new RecordedRange.Counts(0, 1, 0, 1);
		try {
			this.sessions.session()
				.write(this.undertaking.writes().move(this.undertaking.version(), range, keys.upTo(), counts, bad));
			this.most = Long.MAX_VALUE;
			logger.warn("Backfill {} leaves out a row: {}", this.undertaking.version(),
					BatchProblems.badRowInWords(keys, bad));
			RecordedRange moved = range.movedWithout(bad, counts);
			this.undertaking.leftOut(moved);
			return moved;
		}
		catch (SQLException ex) {
			this.undertaking.leftOut(range);
			return failed(range, keys, 1, ofNoRow(this.sessions.failure(ex)));
		}
	}

	private @Nullable RecordedRange gaveUp(@Nullable KeyRange keys, long count, BatchFailure failure) {
		this.undertaking.gate()
			.end(Gate.End.FAILED, BatchProblems.failed(this.undertaking.definition(), keys, count == 1,
					Math.max(1, this.attempts), failure));
		return null;
	}

	private int attemptsAllowed() {
		return Math.max(1, policy().attempts());
	}

	private FailurePolicy policy() {
		return this.undertaking.definition().options().failure();
	}

}
