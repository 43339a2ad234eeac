package dev.tidemark.migration;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A version: numeric parts separated by {@code .} or {@code _}, compared number by
 * number. Trailing zero parts do not count, so {@code 1.0} equals {@code 1}; leading
 * zeros do not count either, so {@code 007} equals {@code 7}. A timestamp is a version of
 * one part.
 *
 * @since 0.1.0
 */
public final class MigrationVersion implements Comparable<MigrationVersion> {

	/** The digits that every {@code long} has room for. */
	private static final int LONG_DIGITS = 18;

	private final List<BigInteger> parts;

	private MigrationVersion(List<BigInteger> parts) {
		this.parts = parts;
	}

	/**
	 * Reads a version.
	 * @param text the version, such as {@code 1}, {@code 1.2} or {@code 2026_11_20_1030}
	 * @return the version
	 * @throws IllegalArgumentException if the text is not a version
	 */
	public static MigrationVersion of(String text) {
		return parse(text).orElseThrow(
				() -> new IllegalArgumentException("'" + text + "' is not a version: digits, parted by . or _"));
	}

	/** Every start reads each version of files and history, so this is plain code. */
	public static Optional<MigrationVersion> parse(String text) {
		List<BigInteger> parts = new ArrayList<>(4);
		int start = 0;
		for (int i = 0; i <= text.length(); i++) {
			char c = (i < text.length()) ? text.charAt(i) : '.';
			if (c >= '0' && c <= '9') {
				continue;
			}
			if (i == start || (c != '.' && c != '_')) {
				return Optional.empty();
			}
			parts.add(number(text, start, i));
			start = i + 1;
		}
		while (parts.size() > 1 && parts.get(parts.size() - 1).signum() == 0) {
			parts.remove(parts.size() - 1);
		}
		return Optional.of(new MigrationVersion(List.copyOf(parts)));
	}

	private static BigInteger number(String text, int start, int end) {
		return (end - start <= LONG_DIGITS) ? BigInteger.valueOf(Long.parseLong(text, start, end, 10))
				: new BigInteger(text.substring(start, end));
	}

	/**
	 * Returns the version that follows, spelled alike: the last part plus one, with as
	 * many parts, the same separators and no fewer digits.
	 * @param spelled a version as a file spells it, such as {@code 1.0} or
	 * {@code 2026_11_20_01}
	 * @return the next version
	 * @throws IllegalArgumentException if the text is not a version
	 */
	public static String following(String spelled) {
		of(spelled);
		int start = Math.max(spelled.lastIndexOf('.'), spelled.lastIndexOf('_')) + 1;
		String last = spelled.substring(start);
		String next = new BigInteger(last).add(BigInteger.ONE).toString();
		return spelled.substring(0, start) + "0".repeat(Math.max(0, last.length() - next.length())) + next;
	}

	@Override
	public int compareTo(MigrationVersion other) {
		int common = Math.min(this.parts.size(), other.parts.size());
		for (int i = 0; i < common; i++) {
			int order = this.parts.get(i).compareTo(other.parts.get(i));
			if (order != 0) {
				return order;
			}
		}
		return Integer.compare(this.parts.size(), other.parts.size());
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof MigrationVersion version && this.parts.equals(version.parts);
	}

	@Override
	public int hashCode() {
		return this.parts.hashCode();
	}

	/**
	 * Returns the normal form: the parts joined by {@code .}, without superfluous zeros.
	 */
	@Override
	public String toString() {
		return this.parts.stream().map(BigInteger::toString).collect(Collectors.joining("."));
	}

}
