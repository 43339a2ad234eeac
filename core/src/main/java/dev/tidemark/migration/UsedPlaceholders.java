package dev.tidemark.migration;

import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.script.SqlStatement;

/**
 * The declared placeholders that a file uses, those that it would use if they were
 * declared included. What is built in is none of them: its value may change at any time.
 *
 * @since 0.1.0
 */
public final class UsedPlaceholders {

	private final SortedMap<String, Use> uses;

	private final ValueMemory memory;

	/**
	 * Keeps what a file uses.
	 * @param uses where each placeholder stands first, by its name in any spelling
	 * @param memory remembers values
	 */
	UsedPlaceholders(SortedMap<String, Use> uses, ValueMemory memory) {
		this.uses = new TreeMap<>(uses);
		this.memory = memory;
	}

	/**
	 * Tells whether there are none.
	 * @return {@code true} if the text of the file is what runs
	 */
	public boolean isEmpty() {
		return this.uses.isEmpty();
	}

	/**
	 * Returns those that stand before a statement. The statement may be a part of a
	 * value, which counts as before it then.
	 * @param next the statement
	 * @return the placeholders
	 */
	public UsedPlaceholders before(SqlStatement next) {
		SortedMap<String, Use> before = new TreeMap<>(this.uses);
		before.values().removeIf((use) -> use.isBehind(next.line(), next.column()));
		return new UsedPlaceholders(before, this.memory);
	}

	/**
	 * Returns what the history may know of their values: enough to tell whether one has
	 * changed, too little to tell what it is.
	 * @param examples what the history knows already of the values of any files
	 * @return a text without blanks, or {@code null} if the file uses none
	 * @see Migration#hasSameValues(String)
	 */
	public @Nullable String remember(Collection<String> examples) {
		return this.memory.remember(new TreeSet<>(this.uses.keySet()), examples);
	}

	/** Returns the names as the file writes them, never the values. */
	@Override
	public String toString() {
		return String.join(", ", this.uses.values().stream().map(Use::name).toList());
	}

	/**
	 * Where a placeholder stands first.
	 *
	 * @param name its name as it is written there
	 * @param line the line, the first one being 1
	 * @param column the column, the first one being 1
	 */
	record Use(String name, int line, int column) {

		boolean isBehind(int otherLine, int otherColumn) {
			return (this.line != otherLine) ? this.line > otherLine : this.column > otherColumn;
		}

	}

}
