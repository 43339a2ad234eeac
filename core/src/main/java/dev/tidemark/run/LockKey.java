package dev.tidemark.run;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The key of an advisory lock between instances.
 *
 * @param value the number by which the server knows it
 * @param purpose what it is taken for
 */
record LockKey(long value, LockPurpose purpose) {

	/**
	 * Returns the key for one purpose and one history: who shares a history shares the
	 * lock.
	 * @param table the name of the history with its schema, quoted where it has to be
	 */
	static LockKey of(String table, LockPurpose purpose) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256")
				.digest((purpose.prefix() + table).getBytes(StandardCharsets.UTF_8));
			return new LockKey(ByteBuffer.wrap(digest).getLong(), purpose);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
