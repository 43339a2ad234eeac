package dev.tidemark.run;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.PlainText;

/**
 * A backup that a database could be restored from.
 *
 * @param name what people call it, such as {@code nightly}
 * @param takenAt the moment whose state it has
 * @param location where it lies, without secrets, or {@code null} if that is nobody's
 * business
 */
public record Backup(String name, Instant takenAt, @Nullable String location) {

	/** Makes the texts fit to be shown. */
	public Backup {
		name = PlainText.line(name);
		location = PlainText.lineOrNull(location);
	}

	/** Return the backup in words. */
	@Override
	public String toString() {
		return this.name + ", taken at " + this.takenAt + ((this.location != null) ? ", in " + this.location : "");
	}

}
