package dev.tidemark.migration;

import java.security.MessageDigest;
import java.util.function.IntFunction;

/**
 * The {@linkplain Checksum#of(Iterable) checksums} of the first of many texts, for ever
 * more of them: each text is read once, and once more where it is asked for fewer than
 * before. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class RunningChecksum {

	private final IntFunction<String> texts;

	/** The one before the last one that was asked for. */
	private Prefix before = Prefix.empty();

	private Prefix last = this.before;

	/**
	 * Begins without any text.
	 * @param texts returns the text with an index from 0
	 */
	public RunningChecksum(IntFunction<String> texts) {
		this.texts = texts;
	}

	/**
	 * Makes the checksum of the first texts.
	 * @param count how many
	 * @return the checksum
	 */
	public Checksum of(int count) {
		Prefix start = (count >= this.last.count()) ? this.last
				: (count >= this.before.count()) ? this.before : Prefix.empty();
		MessageDigest digest = copy(start);
		add(start.count(), count, digest);
		this.before = start;
		this.last = new Prefix(count, digest);
		return Checksum.of(copy(this.last));
	}

	/** Where the platform's digests cannot be copied, it is made again. */
	private MessageDigest copy(Prefix prefix) {
		try {
			return (MessageDigest) prefix.digest().clone();
		}
		catch (CloneNotSupportedException ex) {
			MessageDigest digest = Checksum.newDigest();
			add(0, prefix.count(), digest);
			return digest;
		}
	}

	private void add(int start, int end, MessageDigest digest) {
		for (int i = start; i < end; i++) {
			Checksum.add(this.texts.apply(i), digest);
		}
	}

	/**
	 * The digest of the first texts.
	 *
	 * @param count how many
	 * @param digest their digest, which is only copied
	 */
	private record Prefix(int count, MessageDigest digest) {

		static Prefix empty() {
			return new Prefix(0, Checksum.newDigest());
		}

	}

}
