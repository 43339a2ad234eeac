package dev.tidemark.run.inspect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

import dev.tidemark.run.MigrationInfo;

/**
 * A part of a list of migrations that may be long, of which those come first that ran
 * last.
 *
 * @param number which part, from 0
 * @param size how many migrations a part has
 * @since 0.1.0
 */
public record Page(int number, int size) {

	/** How many migrations a page has by default. */
	public static final int DEFAULT_SIZE = 100;

	/** How many migrations a page may have. */
	public static final int LARGEST_SIZE = 1000;

	/** Those that ran last. */
	public static final Page FIRST = new Page(0, DEFAULT_SIZE);

	/** Checks the numbers. */
	public Page {
		if (number < 0) {
			throw new IllegalArgumentException("'page' must not be negative");
		}
		if (size < 0 || size > LARGEST_SIZE) {
			throw new IllegalArgumentException("'size' must be between 0 and " + LARGEST_SIZE);
		}
	}

	/**
	 * Returns how many pages there are.
	 * @param total how many migrations there are
	 * @return the number of pages
	 */
	public int count(int total) {
		return (this.size > 0) ? total / this.size + ((total % this.size > 0) ? 1 : 0) : 0;
	}

	/** Picks the migrations of this page of a group, what ran last first. */
	public List<MigrationInfo> of(Collection<MigrationInfo> entries, Group group) {
		List<MigrationInfo> all = new ArrayList<>(
				entries.stream().filter((entry) -> Group.of(entry.state()) == group).toList());
		Collections.reverse(all);
		all.sort(Comparator.comparingInt(Page::rank).reversed());
		return all.stream().skip((long) this.number * this.size).limit(this.size).toList();
	}

	/** What a baseline covers has never run. */
	private static int rank(MigrationInfo migration) {
		return (migration.rank() != null) ? migration.rank() : 0;
	}

}
