package dev.tidemark.migration;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The checksum of a file's text, with the algorithm it was made by: SHA-256 over the text
 * in UTF-8, without byte-order mark and with every line end as a single line feed. So
 * neither the encoding nor the checkout's line ends change it.
 *
 * @param value the algorithm, a colon and the digest in lower-case hexadecimal digits
 * @since 0.1.0
 */
public record Checksum(String value) {

	private static final String ALGORITHM = "sha256";

	public static Checksum of(MessageDigest digest) {
		return new Checksum(ALGORITHM + ":" + HexFormat.of().formatHex(digest.digest()));
	}

	public static MessageDigest newDigest() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	/**
	 * Makes the checksum of several texts one after the other.
	 * @param texts the texts
	 * @return the checksum
	 */
	public static Checksum of(Iterable<String> texts) {
		MessageDigest digest = newDigest();
		for (String text : texts) {
			add(text, digest);
		}
		return of(digest);
	}

	static void add(String text, MessageDigest digest) {
		digest.update(text.replace("\r\n", "\n").replace('\r', '\n').getBytes(StandardCharsets.UTF_8));
		digest.update((byte) 0);
	}

	/** Returns the {@link #value() value}. */
	@Override
	public String toString() {
		return this.value;
	}

}
