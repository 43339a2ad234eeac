package dev.tidemark.statement.parse;

import java.util.List;

import dev.tidemark.statement.IndexKey;

/**
 * Reads the keys of indexes and partitions.
 */
final class IndexKeyParser {

	private final SqlReader sql;

	IndexKeyParser(SqlReader sql) {
		this.sql = sql;
	}

	List<IndexKey> keys() {
		return this.sql.parenthesised(this::key);
	}

	/** Reads a key, and passes over its operator class and order. */
	private IndexKey key() {
		IndexKey key = plainKey();
		while (!this.sql.isAtEnd() && !this.sql.isAt(',') && !this.sql.isAt(')')) {
			this.sql.skipOne();
		}
		return key;
	}

	private IndexKey plainKey() {
		if (this.sql.isAt('(')) {
			return new IndexKey(null, this.sql.enclosedExpression());
		}
		int start = this.sql.start();
		String column = this.sql.requireIdentifier();
		if (!this.sql.isAt('(') && !this.sql.isAt('.')) {
			return new IndexKey(column, null);
		}
		this.sql.backTo(start);
		// A call: what follows it is no part of it.
		return new IndexKey(null, this.sql.expression("ASC", "COLLATE", "DESC", "NULLS", "WITH"));
	}

}
