package dev.tidemark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

import dev.tidemark.history.HistoryEntry;
import dev.tidemark.plan.PlanEntry;

/**
 * A part of a long list of migrations that are in the database, of which the newest come
 * first.
 *
 * @param number which part, from 0
 * @param size how many migrations a part has
 */
public record Page(int number, int size) {

	/** How many migrations a page has by default. */
	public static final int DEFAULT_SIZE = 100;

	/** How many migrations a page may have. */
	public static final int LARGEST_SIZE = 1000;

	/** The newest migrations. */
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
		return (this.size > 0) ? (total + this.size - 1) / this.size : 0;
	}

	/** Picks the migrations of this page, what ran last first. */
	List<PlanEntry> of(Collection<PlanEntry> entries) {
		List<PlanEntry> applied = new ArrayList<>(
				entries.stream().filter((entry) -> entry.state().isDone()).toList());
		Collections.reverse(applied);
		applied.sort(Comparator.comparingInt(Page::rank).reversed());
		return applied.stream().skip((long) this.number * this.size).limit(this.size).toList();
	}

	/** What a baseline covers has never run. */
	private static int rank(PlanEntry entry) {
		HistoryEntry history = entry.history();
		return (history != null) ? history.rank() : 0;
	}

}
