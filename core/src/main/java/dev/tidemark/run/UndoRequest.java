package dev.tidemark.run;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.plan.UndoSelection;

/**
 * What a person wants undone, and why.
 *
 * @param selection which migrations
 * @param reason why, for those who read the history later, or {@code null}
 * @param allowDataLoss why data may be lost, for the same readers; {@code null} if an
 * undo that would lose some is to be refused
 * @param waitTimeout how long to wait for another instance that migrates, or {@code null}
 * for as long as a run waits
 * @since 0.1.0
 */
public record UndoRequest(UndoSelection selection, @Nullable String reason, @Nullable String allowDataLoss,
		@Nullable Duration waitTimeout) {

	/**
	 * Requires text where something is given.
	 * @throws IllegalArgumentException if a reason is blank
	 */
	public UndoRequest {
		if (reason != null && reason.isBlank()) {
			throw new IllegalArgumentException("'reason' must not be blank");
		}
		if (allowDataLoss != null && allowDataLoss.isBlank()) {
			throw new IllegalArgumentException("'allow-data-loss' must say why data may be lost");
		}
	}

	/**
	 * Makes a request that loses no data.
	 * @param selection which migrations
	 * @return the request
	 */
	public static UndoRequest of(UndoSelection selection) {
		return new UndoRequest(selection, null, null, null);
	}

	/**
	 * Returns the same request with a reason.
	 * @param why the reason, or {@code null} for none
	 * @return the request
	 */
	public UndoRequest because(@Nullable String why) {
		return new UndoRequest(this.selection, why, this.allowDataLoss, this.waitTimeout);
	}

	/**
	 * Returns the same request, which may lose data.
	 * @param why why it may, or {@code null} if it may not
	 * @return the request
	 */
	public UndoRequest allowingDataLoss(@Nullable String why) {
		return new UndoRequest(this.selection, this.reason, why, this.waitTimeout);
	}

	/**
	 * Return the same request with a time of its own to wait for another instance.
	 * @param timeout how long to wait
	 * @return the request
	 */
	public UndoRequest within(Duration timeout) {
		return new UndoRequest(this.selection, this.reason, this.allowDataLoss, timeout);
	}

	/** Returns what the history notes. */
	public @Nullable String note() {
		if (this.allowDataLoss == null) {
			return this.reason;
		}
		String allowed = "data loss allowed: " + this.allowDataLoss;
		return (this.reason != null) ? this.reason + "; " + allowed : allowed;
	}

}
