package dev.tidemark.migration;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.secret.SlowDigest;

/**
 * Remembers the values of placeholders so that a later run can tell whether one has
 * changed, but nobody what it is: the names, and of all their values together a digest
 * with salt that is slow to make, as for a password. Thread-safe.
 * <p>
 * All files of a history share one salt, so that a start makes few digests.
 */
final class ValueMemory {

	private static final String ALGORITHM_NAME = "pbkdf2-sha256";

	private static final String SEPARATOR = ";";

	/** Of names that are not declared, so that there is nothing to hide. */
	private static final String NO_VALUE = SEPARATOR + "-";

	/** More would be no digest of ours, but a way to hold up every start. */
	private static final int MOST_ITERATIONS = 1_000_000;

	private final Placeholders placeholders;

	private final Map<String, String> digests = new ConcurrentHashMap<>();

	private volatile @Nullable String salt;

	ValueMemory(Placeholders placeholders) {
		this.placeholders = placeholders;
	}

	Placeholders placeholders() {
		return this.placeholders;
	}

	/**
	 * Returns what to remember of values.
	 * @param names the names of the placeholders
	 * @param examples what was remembered in the same history before
	 * @return names and digest without blanks, or {@code null} if there are no names
	 */
	@Nullable String remember(SortedSet<String> names, Collection<String> examples) {
		if (names.isEmpty()) {
			return null;
		}
		return examples.stream()
			.map(Remembered::parse)
			.filter(Objects::nonNull)
			.findFirst()
			.map((like) -> remember(names, like.iterations(), like.salt()))
			.orElseGet(() -> remember(names, SlowDigest.ITERATIONS, salt()));
	}

	/**
	 * Tells whether values are still what they were.
	 * @param remembered what was remembered of them
	 * @return {@code false} if one has changed, or if this version cannot tell
	 */
	boolean isSame(String remembered) {
		if (remembered.endsWith(NO_VALUE)) {
			String names = remembered.substring(0, remembered.length() - NO_VALUE.length());
			return haveNoValue(List.of(names.split(",")));
		}
		Remembered before = Remembered.parse(remembered);
		return before != null && remember(before.names(), before.iterations(), before.salt()).equals(remembered);
	}

	private String remember(SortedSet<String> names, int iterations, String salt) {
		if (haveNoValue(names)) {
			return String.join(",", names) + NO_VALUE;
		}
		String head = String.join(",", names) + SEPARATOR + ALGORITHM_NAME + SEPARATOR + iterations + SEPARATOR + salt;
		return this.digests.computeIfAbsent(head, (key) -> key + SEPARATOR + digest(names, iterations, salt));
	}

	private boolean haveNoValue(Collection<String> names) {
		return names.stream().allMatch((name) -> this.placeholders.value(name) == null);
	}

	private String salt() {
		String known = this.salt;
		if (known == null) {
			known = SlowDigest.salt();
			this.salt = known;
		}
		return known;
	}

	private String digest(SortedSet<String> names, int iterations, String salt) {
		StringBuilder text = new StringBuilder();
		for (String name : names) {
			String value = this.placeholders.value(name);
			text.append(name).append((value != null) ? "=" + value : "").append('\0');
		}
		return SlowDigest.of(text.toString(), salt, iterations);
	}

	/**
	 * What can be read back.
	 *
	 * @param names the names
	 * @param iterations how slow the digest is
	 * @param salt the salt
	 */
	private record Remembered(SortedSet<String> names, int iterations, String salt) {

		private static final Pattern FORM = Pattern
			.compile("([^;\\s]+);" + ALGORITHM_NAME + ";(\\d{1,7});([\\w-]{22});[\\w-]+");

		/** Returns {@code null} for what is missing, damaged or of a newer version. */
		static @Nullable Remembered parse(@Nullable String text) {
			Matcher matcher = FORM.matcher((text != null) ? text : "");
			if (!matcher.matches()) {
				return null;
			}
			int iterations = Integer.parseInt(matcher.group(2));
			return (iterations > 0 && iterations <= MOST_ITERATIONS)
					? new Remembered(new TreeSet<>(List.of(matcher.group(1).split(","))), iterations, matcher.group(3))
					: null;
		}

	}

}
