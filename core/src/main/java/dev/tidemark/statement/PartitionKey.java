package dev.tidemark.statement;

import java.util.List;

/**
 * How the rows of a table are divided among its partitions.
 *
 * @param strategy the strategy in lower case, such as {@code range}
 * @param keys by what
 * @since 0.1.0
 */
public record PartitionKey(String strategy, List<IndexKey> keys) {

	/** Copies what it is given. */
	public PartitionKey {
		keys = List.copyOf(keys);
	}

}
