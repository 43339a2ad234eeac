package dev.tidemark.session.watch;

import java.time.Duration;

/**
 * What was sent to the server, and is not answered yet.
 *
 * @param characters how much was sent
 * @param nanos when it was begun to be sent, in the time of {@link System#nanoTime()}
 */
record Exchange(long characters, long nanos) {

	/** How long an answer, or what is left of it, may be on its way. */
	private static final Duration ON_THE_WAY = Duration.ofSeconds(20);

	/** What the slowest line carries in a second. */
	private static final long SLOWEST = 10_000;

	/**
	 * Tells whether a message was lost between client and server: one waits for the
	 * other. Only how long ago something was is compared, since the two clocks may
	 * differ.
	 * @param waiting for how long the client has waited since it began to send
	 * @param listening for how long the server process has been waiting for the next
	 * message
	 */
	boolean isLost(Duration waiting, Duration listening) {
		boolean heard = listening.compareTo(waiting) < 0;
		Duration patience = heard ? ON_THE_WAY : ON_THE_WAY.plusSeconds(this.characters / SLOWEST);
		return listening.compareTo(patience) >= 0 && waiting.compareTo(patience) >= 0;
	}

}
