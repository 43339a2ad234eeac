package dev.tidemark.sql;

import org.jspecify.annotations.Nullable;

/**
 * Reads which partitioned table a statement creates; used once.
 */
final class PartitionedTableReader extends StatementReader {

	private PartitionedTableReader(String text, int offset, int end, boolean standardStrings) {
		super(text, offset, end, standardStrings);
	}

	/**
	 * Reads a statement.
	 * @param command the statement's command
	 * @return the name of the table, or {@code null} if it creates none that has
	 * partitions
	 */
	static @Nullable QualifiedName read(String text, int offset, int end, boolean standardStrings, String command) {
		return command.equals("CREATE TABLE") ? new PartitionedTableReader(text, offset, end, standardStrings).read()
				: null;
	}

	private @Nullable QualifiedName read() {
		skipPast("TABLE");
		accept("IF", "NOT", "EXISTS");
		QualifiedName table = name();
		while (!isAtEnd()) {
			if (isAt("AS")) {
				return null;
			}
			if (accept("PARTITION")) {
				if (accept("BY")) {
					return table;
				}
			}
			else {
				skipOne();
			}
		}
		return null;
	}

}
