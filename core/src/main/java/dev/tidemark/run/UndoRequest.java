package dev.tidemark.run;

import org.jspecify.annotations.Nullable;

import dev.tidemark.plan.UndoSelection;

/**
 * What a person wants undone, and why.
 *
 * @param selection which migrations
 * @param reason why, for those who read the history later, or {@code null}
 * @param allowDataLoss why data may be lost, for the same readers; {@code null} if an
 * undo that would lose some is to be refused
 */
public record UndoRequest(UndoSelection selection, @Nullable String reason, @Nullable String allowDataLoss) {

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
		return new UndoRequest(selection, null, null);
	}

	/**
	 * Returns the same request with a reason.
	 * @param why the reason
	 * @return the request
	 */
	public UndoRequest because(String why) {
		return new UndoRequest(this.selection, why, this.allowDataLoss);
	}

	/**
	 * Returns the same request, which may lose data.
	 * @param why why it may
	 * @return the request
	 */
	public UndoRequest allowingDataLoss(String why) {
		return new UndoRequest(this.selection, this.reason, why);
	}

	/** Returns what the history notes. */
	@Nullable String note() {
		if (this.allowDataLoss == null) {
			return this.reason;
		}
		String allowed = "data loss allowed: " + this.allowDataLoss;
		return (this.reason != null) ? this.reason + "; " + allowed : allowed;
	}

}
