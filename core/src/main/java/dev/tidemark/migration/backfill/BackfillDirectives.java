package dev.tidemark.migration.backfill;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What the head of a file says of a backfill.
 *
 * @param table the parts of the name of the table that is walked, as the catalogue holds
 * them; empty if the file does not say
 * @param keys the columns by which it is walked; empty if the file does not say
 * @param verify the condition that each row of the table satisfies afterwards, or
 * {@code null}
 * @param options the values of options as they are written
 * @since 0.1.0
 */
public record BackfillDirectives(List<String> table, List<String> keys, @Nullable String verify,
		Map<BackfillOption, String> options) {

	/** Copies the collections. */
	public BackfillDirectives {
		table = List.copyOf(table);
		keys = List.copyOf(keys);
		Map<BackfillOption, String> ordered = new EnumMap<>(BackfillOption.class);
		ordered.putAll(options);
		options = Collections.unmodifiableMap(ordered);
	}

}
