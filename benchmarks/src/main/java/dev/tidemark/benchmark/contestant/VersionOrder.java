package dev.tidemark.benchmark.contestant;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Orders names of files by their versions; repeatable ones come last.
 */
public final class VersionOrder implements Comparator<String> {

	@Override
	public int compare(String left, String right) {
		int order = Arrays.compare(version(left), version(right));
		return (order != 0) ? order : left.compareTo(right);
	}

	private static long[] version(String name) {
		if (!name.startsWith("V")) {
			return new long[] { Long.MAX_VALUE };
		}
		return Stream.of(name.substring(1, name.indexOf("__")).split("[._]")).mapToLong(Long::parseLong).toArray();
	}

}
