package dev.tidemark.statement.parse;

import java.util.List;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.Copy;
import dev.tidemark.statement.LockMode;
import dev.tidemark.statement.LockTable;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.Truncate;

/**
 * Reads what is done to tables as a whole: {@code COPY}, {@code TRUNCATE} and
 * {@code LOCK}; used once.
 */
final class BulkParser {

	private final SqlReader sql;

	BulkParser(SqlReader sql) {
		this.sql = sql;
	}

	Statement read() {
		if (this.sql.accept("COPY")) {
			return copy();
		}
		return this.sql.accept("TRUNCATE") ? truncate() : lock();
	}

	private Statement copy() {
		this.sql.accept("BINARY");
		Statement query = null;
		QualifiedName table = null;
		if (this.sql.accept('(')) {
			query = new RowsParser(this.sql).read();
			this.sql.expect(')');
		}
		else {
			table = this.sql.requireName();
			this.sql.skipParentheses();
		}
		boolean from = this.sql.accept("FROM");
		if (!from) {
			this.sql.expect("TO");
		}
		Copy.Endpoint endpoint = Copy.Endpoint.FILE;
		// The grammar takes one for the other.
		if (this.sql.acceptAny("STDIN", "STDOUT")) {
			endpoint = Copy.Endpoint.CLIENT;
		}
		else {
			endpoint = this.sql.accept("PROGRAM") ? Copy.Endpoint.PROGRAM : endpoint;
			this.sql.requireString();
		}
		while (!this.sql.isAtEnd() && !this.sql.isAt("WHERE")) {
			this.sql.skipOne();
		}
		return new Copy(table, query, from, endpoint, new RowsParser(this.sql).readExpressions().functions());
	}

	private Statement truncate() {
		this.sql.accept("TABLE");
		List<QualifiedName> tables = this.sql.list(this.sql::requireRelation);
		boolean restart = this.sql.accept("RESTART", "IDENTITY");
		if (!restart) {
			this.sql.accept("CONTINUE", "IDENTITY");
		}
		return new Truncate(tables, restart, this.sql.cascade());
	}

	private Statement lock() {
		this.sql.expect("LOCK");
		this.sql.accept("TABLE");
		List<QualifiedName> tables = this.sql.list(this.sql::requireRelation);
		LockMode mode = LockMode.ACCESS_EXCLUSIVE;
		if (this.sql.accept("IN")) {
			mode = this.sql.lockMode();
			this.sql.expect("MODE");
		}
		return new LockTable(tables, mode, this.sql.accept("NOWAIT"));
	}

}
