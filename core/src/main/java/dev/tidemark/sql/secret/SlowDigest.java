package dev.tidemark.sql.secret;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Digests of what may be a secret, with salt, and slow to make, as for a password: they
 * tell whether a text has changed, but nobody what it is.
 *
 * @since 0.1.0
 */
public final class SlowDigest {

	/** How often the digest is made of itself. */
	public static final int ITERATIONS = 20_000;

	private static final String ALGORITHM = "PBKDF2WithHmacSHA256";

	private static final int SALT_BYTES = 16;

	private static final int DIGEST_BITS = 128;

	private SlowDigest() {
	}

	/**
	 * Returns a new salt.
	 * @return random bytes in Base64 for URLs
	 */
	public static String salt() {
		byte[] bytes = new byte[SALT_BYTES];
		new SecureRandom().nextBytes(bytes);
		return encoded(bytes);
	}

	/**
	 * Makes the digest of a text.
	 * @param text the text
	 * @param salt a {@linkplain #salt() salt}
	 * @param iterations how slow it is, such as {@link #ITERATIONS}
	 * @return the digest in Base64 for URLs
	 */
	public static String of(String text, String salt, int iterations) {
		PBEKeySpec key = new PBEKeySpec(text.toCharArray(), Base64.getUrlDecoder().decode(salt), iterations,
				DIGEST_BITS);
		try {
			return encoded(SecretKeyFactory.getInstance(ALGORITHM).generateSecret(key).getEncoded());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform from version 8 on has " + ALGORITHM, ex);
		}
	}

	private static String encoded(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

}
