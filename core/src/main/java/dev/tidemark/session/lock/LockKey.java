package dev.tidemark.session.lock;

import java.nio.ByteBuffer;

import dev.tidemark.session.Sha256;

/**
 * The key of an advisory lock between instances.
 *
 * @param value the number by which the server knows it
 * @param purpose what it is taken for
 * @since 0.1.0
 */
public record LockKey(long value, LockPurpose purpose) {

	/**
	 * Returns the key for one purpose and one history: who shares a history shares the
	 * lock.
	 * @param table the name of the history with its schema, quoted where it has to be
	 */
	public static LockKey of(String table, LockPurpose purpose) {
		return new LockKey(ByteBuffer.wrap(Sha256.of(purpose.prefix() + table)).getLong(), purpose);
	}

}
