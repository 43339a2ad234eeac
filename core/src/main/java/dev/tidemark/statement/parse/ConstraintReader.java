package dev.tidemark.statement.parse;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.Expression;
import dev.tidemark.statement.IndexKey;
import dev.tidemark.statement.TableConstraint;
import dev.tidemark.statement.TableConstraint.Kind;

/**
 * Reads one constraint, part by part; used once.
 */
final class ConstraintReader {

	private final SqlReader sql;

	private final @Nullable String name;

	private @Nullable Kind kind;

	private List<String> columns = List.of();

	private @Nullable Expression expression;

	private @Nullable QualifiedName references;

	private List<String> referenced = List.of();

	private @Nullable String index;

	private boolean validated = true;

	private boolean enforced = true;

	private boolean deferrable;

	private boolean noInherit;

	ConstraintReader(SqlReader sql, @Nullable String name) {
		this.sql = sql;
		this.name = name;
	}

	TableConstraint constraint() {
		return new TableConstraint(this.name, Objects.requireNonNull(this.kind), this.columns, this.expression,
				this.references, this.referenced, this.index, this.validated, this.enforced, this.deferrable,
				this.noInherit);
	}

	boolean readColumnConstraint(String column) {
		this.columns = List.of(column);
		if (this.sql.accept("NOT", "NULL")) {
			this.kind = Kind.NOT_NULL;
		}
		else if (this.sql.accept("CHECK")) {
			check();
		}
		else if (this.sql.accept("UNIQUE")) {
			this.kind = Kind.UNIQUE;
			nulls();
			indexParameters();
		}
		else if (this.sql.accept("PRIMARY", "KEY")) {
			this.kind = Kind.PRIMARY_KEY;
			indexParameters();
		}
		else if (this.sql.accept("REFERENCES")) {
			this.kind = Kind.FOREIGN_KEY;
			references();
		}
		else {
			return false;
		}
		attributes();
		return true;
	}

	void readTableConstraint() {
		if (this.sql.accept("CHECK")) {
			check();
		}
		else if (this.sql.accept("NOT", "NULL")) {
			this.kind = Kind.NOT_NULL;
			this.columns = List.of(this.sql.requireIdentifier());
		}
		else if (this.sql.accept("UNIQUE")) {
			this.kind = Kind.UNIQUE;
			nulls();
			key();
		}
		else if (this.sql.accept("PRIMARY", "KEY")) {
			this.kind = Kind.PRIMARY_KEY;
			key();
		}
		else if (this.sql.accept("EXCLUDE")) {
			exclude();
		}
		else if (this.sql.accept("FOREIGN", "KEY")) {
			this.kind = Kind.FOREIGN_KEY;
			this.columns = periodColumns();
			this.sql.expect("REFERENCES");
			references();
		}
		else {
			throw this.sql.notUnderstood();
		}
	}

	private void check() {
		this.kind = Kind.CHECK;
		this.columns = List.of();
		this.expression = this.sql.enclosedExpression();
	}

	private void nulls() {
		if (this.sql.accept("NULLS")) {
			this.sql.accept("NOT");
			this.sql.expect("DISTINCT");
		}
	}

	private void key() {
		if (this.sql.accept("USING", "INDEX")) {
			this.index = this.sql.requireIdentifier();
			return;
		}
		this.columns = this.sql.parenthesised(this::keyColumn);
		indexParameters();
	}

	private String keyColumn() {
		String column = this.sql.requireIdentifier();
		this.sql.accept("WITHOUT", "OVERLAPS");
		return column;
	}

	private void indexParameters() {
		if (this.sql.accept("INCLUDE")) {
			this.sql.skipParentheses();
		}
		if (this.sql.accept("WITH")) {
			this.sql.skipParentheses();
		}
		if (this.sql.accept("USING", "INDEX")) {
			this.sql.expect("TABLESPACE");
			this.sql.requireIdentifier();
		}
	}

	private void exclude() {
		this.kind = Kind.EXCLUDE;
		if (this.sql.accept("USING")) {
			this.sql.requireIdentifier();
		}
		List<IndexKey> keys = new IndexKeyParser(this.sql).keys();
		this.columns = keys.stream()
			.map(IndexKey::column)
			.filter(Objects::nonNull)
			.map(Objects::requireNonNull)
			.toList();
		indexParameters();
		if (this.sql.accept("WHERE")) {
			this.expression = this.sql.enclosedExpression();
		}
	}

	private List<String> periodColumns() {
		return this.sql.parenthesised(() -> {
			int start = this.sql.start();
			boolean period = this.sql.accept("PERIOD");
			if (period && (this.sql.isAt(',') || this.sql.isAt(')'))) {
				this.sql.backTo(start);
			}
			return this.sql.requireIdentifier();
		});
	}

	private void references() {
		this.references = this.sql.requireName();
		if (this.sql.isAt('(')) {
			this.referenced = periodColumns();
		}
		while (true) {
			if (this.sql.accept("MATCH")) {
				this.sql.skip();
			}
			else if (this.sql.accept("ON")) {
				this.sql.skip();
				onChange();
			}
			else {
				return;
			}
		}
	}

	private void onChange() {
		if (this.sql.accept("SET")) {
			this.sql.skip();
			this.sql.skipParentheses();
		}
		else if (!this.sql.acceptAny("CASCADE", "RESTRICT")) {
			this.sql.expect("NO", "ACTION");
		}
	}

	void attributes() {
		while (true) {
			if (this.sql.accept("NOT", "VALID")) {
				this.validated = false;
			}
			else if (this.sql.accept("NOT", "ENFORCED")) {
				this.enforced = false;
			}
			else if (this.sql.accept("ENFORCED")) {
				this.enforced = true;
			}
			else if (this.sql.accept("NO", "INHERIT")) {
				this.noInherit = true;
			}
			else if (this.sql.accept("NOT", "DEFERRABLE")) {
				this.deferrable = false;
			}
			else if (this.sql.accept("DEFERRABLE")) {
				this.deferrable = true;
			}
			else if (this.sql.accept("INITIALLY")) {
				this.deferrable |= this.sql.isAt("DEFERRED");
				this.sql.skip();
			}
			else {
				return;
			}
		}
	}

}
