package dev.tidemark.run.failure;

import java.time.Duration;

/**
 * What was tried to get locks.
 *
 * @param made how many attempts were made
 * @param spent how long it took in all
 * @param looked how much of that no attempt was made, since others were in the way for
 * whom it was not worth to queue
 * @since 0.1.0
 */
public record Attempts(int made, Duration spent, Duration looked) {

	/** Returns it in words. */
	@Override
	public String toString() {
		return "It was tried " + ((this.made == 1) ? "once" : this.made + " times") + " in " + this.spent.toMillis()
				+ " ms" + (this.looked.isZero() ? "" : ", of which " + this.looked.toMillis()
						+ " ms were spent looking for a moment without older transactions in the way");
	}

}
