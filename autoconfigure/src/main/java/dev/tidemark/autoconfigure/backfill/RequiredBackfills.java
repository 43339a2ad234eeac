package dev.tidemark.autoconfigure.backfill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.rollout.BackfillProgress;

/**
 * The backfills that this build reads and that are not done, of all databases. A database
 * of which none is left is not asked again.
 */
final class RequiredBackfills {

	private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

	private static final Logger logger = PlainLogger.of(RequiredBackfills.class);

	private final List<BackfillTarget> waiting;

	/** Those that have answered before, so that they can be asked. */
	private final Set<BackfillTarget> seen = new HashSet<>();

	private long loggedNanos;

	private boolean logged;

	RequiredBackfills(List<BackfillTarget> targets) {
		this.waiting = new ArrayList<>(targets);
	}

	/**
	 * Looks whether all are done.
	 * @throws TidemarkException if nobody can tell of which this build reads
	 */
	boolean areDone() {
		List<String> left = new ArrayList<>();
		Iterator<BackfillTarget> targets = this.waiting.iterator();
		while (targets.hasNext()) {
			BackfillTarget target = targets.next();
			String backfills = required(target);
			if (backfills.isEmpty()) {
				targets.remove();
			}
			else {
				left.add(target.name() + ": " + backfills);
			}
		}
		log(left);
		return left.isEmpty();
	}

	/** Returns those of a database in words; none is known of one that is away. */
	private String required(BackfillTarget target) {
		try {
			List<BackfillProgress> required = target.backfills().required();
			this.seen.add(target);
			return BackfillText.of(required);
		}
		catch (TidemarkException ex) {
			if (!this.seen.contains(target) && !isAway(ex.code())) {
				throw ex;
			}
			return ex.code().code() + " " + ex.problems().get(0).what();
		}
	}

	private static boolean isAway(ErrorCode code) {
		return code.isNotConnected() || code == ErrorCode.CONNECTION_LOST;
	}

	private void log(List<String> left) {
		long now = System.nanoTime();
		if (left.isEmpty()) {
			if (this.logged) {
				logger.info("The backfills that this build reads are done, so that the application may get ready");
			}
		}
		else if (!this.logged || now - this.loggedNanos >= LOG_INTERVAL.toNanos()) {
			logger.info("The application is alive, and not ready until what this build reads is done: {}",
					String.join("; ", left));
			this.logged = true;
			this.loggedNanos = now;
		}
	}

}
