package dev.tidemark.run.preview;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.secret.Secrets;

/**
 * A backup that a database could be restored from.
 *
 * @param name what people call it, such as {@code nightly}
 * @param takenAt the moment whose state it has
 * @param location where it lies, without secrets, or {@code null} if that is nobody's
 * business
 * @since 0.1.0
 */
public record Backup(String name, Instant takenAt, @Nullable String location) {

	/** Makes the texts fit to be shown, and masks secrets that are recognised. */
	public Backup {
		name = PlainText.line(Secrets.mask(name));
		Objects.requireNonNull(takenAt, "A backup has the moment whose state it has");
		location = (location != null) ? PlainText.line(Secrets.mask(location)) : null;
	}

	/** Return the backup in words. */
	@Override
	public String toString() {
		return this.name + ", taken at " + this.takenAt + ((this.location != null) ? ", in " + this.location : "");
	}

}
