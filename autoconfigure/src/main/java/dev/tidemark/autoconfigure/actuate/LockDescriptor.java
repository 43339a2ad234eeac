package dev.tidemark.autoconfigure.actuate;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.watch.AwaitedLock;
import dev.tidemark.sql.PlainText;

/**
 * A lock that a statement waits for.
 *
 * @param kind what is locked, in PostgreSQL's words, such as {@code relation}
 * @param mode how, such as {@code AccessExclusiveLock}
 * @param relation the table, index or other relation with its schema, or {@code null}
 * @since 0.1.0
 */
public record LockDescriptor(String kind, String mode, @Nullable String relation) {

	/** Makes what it names fit to be shown. */
	public LockDescriptor {
		kind = PlainText.line(kind);
		mode = PlainText.line(mode);
		relation = PlainText.lineOrNull(relation);
	}

	static @Nullable LockDescriptor of(@Nullable AwaitedLock lock) {
		return (lock != null) ? new LockDescriptor(lock.kind(), lock.mode(), lock.relation()) : null;
	}

}
