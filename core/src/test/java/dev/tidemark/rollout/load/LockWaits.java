package dev.tidemark.rollout.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.tidemark.testkit.TestDatabase;

/**
 * How long sessions have waited for locks, as the log of the server has it: it writes of
 * each one that waits longer than {@code deadlock_timeout}.
 */
final class LockWaits {

	static final int LOGGED_FROM_MILLIS = 50;

	private static final Pattern GRANTED = Pattern.compile("process (\\d+) acquired \\S+ on .* after ([\\d.]+) ms");

	private final TestDatabase database;

	private int begin;

	/** Begins at what the log holds now. */
	LockWaits(TestDatabase database) {
		this.database = database;
		this.begin = log().length();
	}

	private String log() {
		return String.valueOf(this.database.value("SELECT pg_read_file('log/load.log')"));
	}

	/** Returns how many milliseconds each wait of these sessions took that was logged. */
	List<Double> millis(Set<Integer> processes) {
		List<Double> millis = new ArrayList<>();
		Matcher matcher = GRANTED.matcher(log().substring(this.begin));
		while (matcher.find()) {
			if (processes.contains(Integer.parseInt(matcher.group(1)))) {
				millis.add(Double.parseDouble(matcher.group(2)));
			}
		}
		return millis;
	}

}
