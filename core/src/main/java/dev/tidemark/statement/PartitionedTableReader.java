package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Reads which partitioned table a statement creates; used once.
 */
final class PartitionedTableReader extends TokenReader {

	private PartitionedTableReader(TokenReader tokens) {
		super(tokens);
	}

	/**
	 * Reads a statement.
	 * @param statement the statement
	 * @return the name of the table, or {@code null} if it creates none that has
	 * partitions
	 */
	static @Nullable QualifiedName read(SqlStatement statement) {
		return statement.command().equals("CREATE TABLE") ? new PartitionedTableReader(statement.tokens()).read()
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
