package dev.tidemark.source;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * The declared placeholders that a file uses, those that it would use if they were
 * declared included. What is built in is none of them: its value may change at any time.
 */
public final class UsedPlaceholders {

	private final SortedSet<String> names;

	private final ValueMemory memory;

	UsedPlaceholders(SortedSet<String> names, ValueMemory memory) {
		this.names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
		this.memory = memory;
	}

	/**
	 * Returns what the history may know of their values: enough to tell whether one has
	 * changed, too little to tell what it is.
	 * @param examples what the history knows already of the values of any files
	 * @return a text without blanks, or {@code null} if the file uses none
	 * @see Migration#hasSameValues(String)
	 */
	public @Nullable String remember(Collection<String> examples) {
		return this.memory.remember(this.names, examples);
	}

	/** Returns the names, never the values. */
	@Override
	public String toString() {
		return this.names.toString();
	}

}
