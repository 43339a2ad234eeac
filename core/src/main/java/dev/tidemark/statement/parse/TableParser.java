package dev.tidemark.statement.parse;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.ColumnDefinition;
import dev.tidemark.statement.CreateIndex;
import dev.tidemark.statement.CreateTable;
import dev.tidemark.statement.CreateTableAs;
import dev.tidemark.statement.Expression;
import dev.tidemark.statement.IndexKey;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.PartitionKey;
import dev.tidemark.statement.PartitionOf;
import dev.tidemark.statement.Persistence;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.TableConstraint;

/**
 * Reads {@code CREATE TABLE} and {@code CREATE INDEX} from behind these keywords.
 */
final class TableParser {

	private final SqlReader sql;

	private final ColumnParser columns;

	private final StatementParser statements;

	TableParser(SqlReader sql, StatementParser statements) {
		this.sql = sql;
		this.columns = new ColumnParser(sql);
		this.statements = statements;
	}

	Statement table(ObjectKind kind, Persistence persistence) {
		boolean ifNotExists = this.sql.ifNotExists();
		QualifiedName name = this.sql.requireName();
		if (isQueryNext()) {
			return tableAs(kind, name, persistence, ifNotExists);
		}
		return new Table(kind, name, persistence, ifNotExists).read();
	}

	/** Only names stand in the parentheses where a query follows. */
	private boolean isQueryNext() {
		int start = this.sql.start();
		if (this.sql.accept('(')) {
			do {
				this.sql.identifier();
			}
			while (this.sql.accept(','));
			if (!this.sql.accept(')')) {
				this.sql.backTo(start);
				return false;
			}
		}
		skipTableOptions();
		boolean query = this.sql.isAt("AS");
		this.sql.backTo(start);
		return query;
	}

	Statement tableAs(ObjectKind kind, QualifiedName name, Persistence persistence, boolean ifNotExists) {
		this.sql.skipParentheses();
		skipTableOptions();
		this.sql.expect("AS");
		Statement query = this.statements.query();
		boolean withData = !this.sql.accept("WITH", "NO", "DATA");
		if (withData) {
			this.sql.accept("WITH", "DATA");
		}
		return new CreateTableAs(kind, name, persistence, ifNotExists, query, withData);
	}

	private void skipTableOptions() {
		while (true) {
			if (this.sql.accept("USING") || this.sql.accept("TABLESPACE")) {
				this.sql.requireIdentifier();
			}
			else if (this.sql.accept("WITHOUT", "OIDS")) {
				// Accepted and without meaning.
			}
			else if (this.sql.accept("WITH")) {
				this.sql.skipParentheses();
			}
			else if (this.sql.accept("ON", "COMMIT")) {
				if (this.sql.accept("PRESERVE") || this.sql.accept("DELETE")) {
					this.sql.expect("ROWS");
				}
				else {
					this.sql.expect("DROP");
				}
			}
			else {
				return;
			}
		}
	}

	Statement index(boolean unique) {
		boolean concurrently = this.sql.accept("CONCURRENTLY");
		boolean ifNotExists = this.sql.ifNotExists();
		String name = this.sql.isAt("ON") ? null : this.sql.requireIdentifier();
		this.sql.expect("ON");
		boolean only = this.sql.isAt("ONLY");
		QualifiedName table = this.sql.requireRelation();
		String definition = this.sql.rest();
		if (this.sql.accept("USING")) {
			this.sql.requireIdentifier();
		}
		List<IndexKey> keys = new IndexKeyParser(this.sql).keys();
		if (this.sql.accept("INCLUDE")) {
			this.sql.skipParentheses();
		}
		if (this.sql.accept("NULLS")) {
			this.sql.accept("NOT");
			this.sql.expect("DISTINCT");
		}
		if (this.sql.accept("WITH")) {
			this.sql.skipParentheses();
		}
		String tablespace = this.sql.accept("TABLESPACE") ? this.sql.requireIdentifier() : null;
		Expression predicate = this.sql.accept("WHERE") ? this.sql.expression("CREATE", "GRANT") : null;
		return new CreateIndex(name, table, only, unique, concurrently, ifNotExists, keys, predicate, tablespace,
				definition);
	}

	/** Reads one table, part by part. */
	private final class Table {

		private final SqlReader sql = TableParser.this.sql;

		private final ColumnParser parser = TableParser.this.columns;

		private final ObjectKind kind;

		private final QualifiedName name;

		private final Persistence persistence;

		private final boolean ifNotExists;

		private final List<ColumnDefinition> columns = new ArrayList<>();

		private final List<TableConstraint> constraints = new ArrayList<>();

		private final List<QualifiedName> likes = new ArrayList<>();

		private List<QualifiedName> parents = List.of();

		private @Nullable PartitionOf partitionOf;

		private @Nullable PartitionKey partitionKey;

		Table(ObjectKind kind, QualifiedName name, Persistence persistence, boolean ifNotExists) {
			this.kind = kind;
			this.name = name;
			this.persistence = persistence;
			this.ifNotExists = ifNotExists;
		}

		CreateTable read() {
			if (this.sql.accept("PARTITION", "OF")) {
				QualifiedName parent = this.sql.requireName();
				elements(true);
				this.partitionOf = new PartitionOf(parent, new TableActionParser(this.sql).bound());
			}
			else if (this.sql.accept("OF")) {
				this.sql.requireName();
				elements(true);
			}
			else {
				if (!this.sql.isAt('(')) {
					throw this.sql.notUnderstood();
				}
				elements(false);
			}
			if (this.sql.accept("INHERITS")) {
				this.parents = this.sql.parenthesised(this.sql::requireName);
			}
			if (this.sql.accept("PARTITION", "BY")) {
				String strategy = this.sql.word();
				this.partitionKey = new PartitionKey(strategy, new IndexKeyParser(this.sql).keys());
			}
			skipTableOptions();
			if (this.sql.accept("SERVER")) {
				this.sql.requireIdentifier();
				if (this.sql.accept("OPTIONS")) {
					this.sql.skipParentheses();
				}
			}
			return new CreateTable(this.kind, this.name, this.persistence, this.ifNotExists, this.columns,
					this.constraints, this.likes, this.parents, this.partitionOf, this.partitionKey);
		}

		private void elements(boolean typed) {
			if (!this.sql.accept('(')) {
				return;
			}
			if (this.sql.accept(')')) {
				return;
			}
			do {
				element(typed);
			}
			while (this.sql.accept(','));
			this.sql.expect(')');
		}

		private void element(boolean typed) {
			if (this.parser.isAtConstraint()) {
				this.constraints.add(this.parser.constraint());
			}
			else if (typed) {
				this.columns.add(this.parser.typedColumn());
			}
			else if (this.sql.accept("LIKE")) {
				this.likes.add(this.sql.requireName());
				while (this.sql.acceptAny("INCLUDING", "EXCLUDING")) {
					this.sql.skip();
				}
			}
			else {
				this.columns.add(this.parser.column());
			}
		}

	}

}
