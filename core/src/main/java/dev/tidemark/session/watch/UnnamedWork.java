package dev.tidemark.session.watch;

import java.time.Duration;

/** What nobody has said anything of. */
final class UnnamedWork implements WatchedWork {

	private final long begin = System.nanoTime();

	@Override
	public Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.begin);
	}

	@Override
	public String toString() {
		return "what Tidemark itself does";
	}

}
