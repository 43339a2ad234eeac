package dev.tidemark.safety;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Place;
import dev.tidemark.sql.QualifiedName;

/**
 * Something that a rule has found.
 *
 * @param rule which rule
 * @param place the file and the statement
 * @param what what would happen, as a sentence
 * @param table the table that it is about, as the file has it where a placeholder stands
 * in it, or {@code null}
 * @param rows about how many rows it has, or {@code null} if that is not known
 * @since 0.1.0
 */
public record Finding(Rule rule, Place place, String what, @Nullable QualifiedName table, @Nullable Long rows) {

	/** Returns rule, place and sentence in one line. */
	@Override
	public String toString() {
		return this.rule + " at " + this.place + ": " + this.what;
	}

}
