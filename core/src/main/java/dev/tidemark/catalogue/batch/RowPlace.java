package dev.tidemark.catalogue.batch;

import java.util.List;

/**
 * What decides where the rows of a table lie: in which partition, and before or behind
 * which other ones.
 *
 * @param columns the columns by which the table is walked and divided into partitions,
 * and those that generated ones of them come from
 * @param changedBesides whether something besides statements may change one of them: a
 * trigger, or what a foreign key says
 * @since 0.1.0
 */
public record RowPlace(List<String> columns, boolean changedBesides) {

	/** Copies the list. */
	public RowPlace {
		columns = List.copyOf(columns);
	}

}
