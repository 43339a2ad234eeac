package dev.tidemark.session.watch;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Decides when what is seen of the server process of a run means that the run can only
 * wait for ever. One look proves nothing: what it has seen may belong to what came
 * before, or the news of it may still be on its way.
 */
final class Suspicion {

	private static final Duration CONFIRMED = Duration.ofSeconds(1);

	private final int pid;

	private @Nullable Object work;

	private @Nullable Reason reason;

	private long since;

	Suspicion(int pid) {
		this.pid = pid;
	}

	/**
	 * Hears what a look has shown.
	 * @param sighting what was seen
	 * @param work what the run was doing before the look, and does still; or {@code null}
	 * if it has gone on in between
	 * @param exchange what was waiting for an answer before the look, and does still; or
	 * {@code null}
	 * @param nanos the time before the look
	 * @return why the run can only wait for ever, or {@code null}
	 */
	@Nullable String after(Sighting sighting, @Nullable Object work, @Nullable Exchange exchange, long nanos) {
		Reason seen = reason(sighting, exchange, nanos);
		Object suspected = (exchange != null) ? exchange : work;
		if (seen == null || suspected == null) {
			this.reason = null;
			return null;
		}
		if (seen != this.reason || suspected != this.work) {
			this.reason = seen;
			this.work = suspected;
			this.since = nanos;
			return null;
		}
		return (nanos - this.since >= CONFIRMED.toNanos()) ? inWords(seen, exchange) : null;
	}

	private static @Nullable Reason reason(Sighting sighting, @Nullable Exchange exchange, long nanos) {
		if (sighting instanceof Sighting.Gone) {
			return Reason.GONE;
		}
		if (sighting instanceof Sighting.Restarted) {
			return Reason.RESTARTED;
		}
		if (sighting instanceof Sighting.Present present && present.listening() != null && exchange != null
				&& exchange.isLost(Duration.ofNanos(nanos - exchange.nanos()), present.listening())) {
			return Reason.LOST;
		}
		return null;
	}

	private String inWords(Reason seen, @Nullable Exchange exchange) {
		String process = "the server process " + this.pid + " of this run ";
		String client = (exchange != null) ? ", while the client was still waiting for its answer" : "";
		return switch (seen) {
			case GONE -> "The" + process.substring(3) + "is gone" + client;
			case RESTARTED -> "The server was started again, so " + process + "is gone" + client;
			case LOST -> "The" + process.substring(3) + "waits for the client" + client
					+ ": what one of them sent was lost on the way";
		};
	}

	private enum Reason {

		GONE, RESTARTED, LOST

	}

}
