package dev.tidemark.history;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.PlainText;

/**
 * Where in the log of the server a run began that could lose data: a server that is
 * restored up to there has what was lost.
 *
 * @param name the name of the restore point, or {@code null} if the server has made none
 * @param walPosition the position in the write-ahead log, such as {@code 0/16B3F80}
 * @since 0.1.0
 */
public record RestorePoint(@Nullable String name, String walPosition) {

	/** Makes the texts fit to be shown, whoever has written the row. */
	public RestorePoint {
		name = PlainText.lineOrNull(name);
		walPosition = PlainText.line(walPosition);
	}

	/** Returns both in words. */
	@Override
	public String toString() {
		return (this.name != null) ? "restore point " + this.name + " at WAL position " + this.walPosition
				: "WAL position " + this.walPosition;
	}

}
