package dev.tidemark.statement.parse;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.ColumnDefinition;
import dev.tidemark.statement.ColumnDefinition.Generated;
import dev.tidemark.statement.Expression;
import dev.tidemark.statement.TableConstraint;
import dev.tidemark.statement.TypeName;

/**
 * Reads columns and constraints.
 */
final class ColumnParser {

	/** What may follow the default of a column. */
	private static final String[] AFTER_DEFAULT = { "CHECK", "COLLATE", "CONSTRAINT", "DEFAULT", "DEFERRABLE",
			"ENFORCED", "GENERATED", "INITIALLY", "NOT", "NULL", "PRIMARY", "REFERENCES", "UNIQUE" };

	private final SqlReader sql;

	ColumnParser(SqlReader sql) {
		this.sql = sql;
	}

	/** Reads a column with its type. */
	ColumnDefinition column() {
		String name = this.sql.requireIdentifier();
		return column(name, this.sql.type());
	}

	/** Reads what is said about a column whose type is known already. */
	ColumnDefinition typedColumn() {
		String name = this.sql.requireIdentifier();
		this.sql.accept("WITH", "OPTIONS");
		return column(name, null);
	}

	/** Reads what is said about a domain, which has no name of its own here. */
	ColumnDefinition attributes(TypeName type) {
		return column("value", type);
	}

	private ColumnDefinition column(String name, @Nullable TypeName type) {
		Column column = new Column(name, type);
		while (column.readOne()) {
			// Each is read by itself.
		}
		return column.definition();
	}

	/** Tells whether a constraint that stands by itself begins here. */
	boolean isAtConstraint() {
		if (this.sql.isAt("CONSTRAINT")) {
			return true;
		}
		int start = this.sql.start();
		boolean found = isAtCheck() || this.sql.accept("FOREIGN", "KEY") || this.sql.accept("PRIMARY", "KEY")
				|| isAtKey("UNIQUE") || isAtKey("EXCLUDE") || this.sql.accept("NOT", "NULL");
		this.sql.backTo(start);
		return found;
	}

	private boolean isAtCheck() {
		if (!this.sql.accept("CHECK")) {
			return false;
		}
		return this.sql.isAt('(');
	}

	/** {@code EXCLUDE} is no reserved word, so that it may be the name of a column. */
	private boolean isAtKey(String word) {
		if (!this.sql.accept(word)) {
			return false;
		}
		return this.sql.isAt('(') || this.sql.isAtAny("USING", "NULLS");
	}

	/** Reads a constraint that stands by itself. */
	TableConstraint constraint() {
		String name = this.sql.accept("CONSTRAINT") ? this.sql.requireIdentifier() : null;
		ConstraintReader reader = new ConstraintReader(this.sql, name);
		reader.readTableConstraint();
		reader.attributes();
		return reader.constraint();
	}

	/** Reads a constraint of a domain, whose value has no name of its own here. */
	TableConstraint domainConstraint() {
		String name = this.sql.accept("CONSTRAINT") ? this.sql.requireIdentifier() : null;
		ConstraintReader reader = new ConstraintReader(this.sql, name);
		if (!reader.readColumnConstraint("value")) {
			throw this.sql.notUnderstood();
		}
		return reader.constraint();
	}

	/** Reads one column definition, part by part. */
	private final class Column {

		private final SqlReader sql = ColumnParser.this.sql;

		private final String name;

		private final @Nullable TypeName type;

		private final List<TableConstraint> constraints = new ArrayList<>();

		private @Nullable QualifiedName collation;

		private @Nullable Expression defaultValue;

		private @Nullable Generated generated;

		private @Nullable Expression expression;

		Column(String name, @Nullable TypeName type) {
			this.name = name;
			this.type = type;
		}

		ColumnDefinition definition() {
			return new ColumnDefinition(this.name, this.type, this.collation, this.defaultValue, this.generated,
					this.expression, this.constraints);
		}

		boolean readOne() {
			String constraint = this.sql.accept("CONSTRAINT") ? this.sql.requireIdentifier() : null;
			if (this.sql.accept("COLLATE")) {
				this.collation = this.sql.requireName();
			}
			else if (this.sql.accept("DEFAULT")) {
				this.defaultValue = this.sql.expression(AFTER_DEFAULT);
			}
			else if (this.sql.accept("GENERATED")) {
				generated();
			}
			else if (this.sql.accept("OPTIONS")) {
				this.sql.skipParentheses();
			}
			else if (this.sql.acceptAny("STORAGE", "COMPRESSION")) {
				this.sql.requireIdentifier();
			}
			else if (this.sql.accept("NULL")) {
				// The default.
				this.sql.accept("NO", "INHERIT");
			}
			else {
				ConstraintReader reader = new ConstraintReader(this.sql, constraint);
				if (!reader.readColumnConstraint(this.name)) {
					return constraint != null;
				}
				this.constraints.add(reader.constraint());
			}
			return true;
		}

		private void generated() {
			boolean always = this.sql.accept("ALWAYS");
			if (!always) {
				this.sql.expect("BY", "DEFAULT");
			}
			this.sql.expect("AS");
			if (this.sql.accept("IDENTITY")) {
				this.generated = always ? Generated.IDENTITY_ALWAYS : Generated.IDENTITY_BY_DEFAULT;
				if (this.sql.accept('(')) {
					new SequenceParser(this.sql).options();
					this.sql.expect(')');
				}
				return;
			}
			this.expression = this.sql.enclosedExpression();
			boolean stored = this.sql.accept("STORED");
			if (!stored) {
				this.sql.accept("VIRTUAL");
			}
			this.generated = stored ? Generated.STORED : Generated.VIRTUAL;
		}

	}

}
