package dev.tidemark.statement.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.ColumnDefinition;
import dev.tidemark.statement.ColumnDefinition.Generated;
import dev.tidemark.statement.Expression;
import dev.tidemark.statement.IndexKey;
import dev.tidemark.statement.Persistence;
import dev.tidemark.statement.SequenceOptions;
import dev.tidemark.statement.TableConstraint;
import dev.tidemark.statement.TableConstraint.Kind;
import dev.tidemark.statement.TypeName;

/**
 * Reads columns, constraints, keys of indexes and what sequences are told.
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
		ConstraintReader reader = new ConstraintReader(name);
		reader.readTableConstraint();
		reader.attributes();
		return reader.constraint();
	}

	/** Reads a constraint of a domain, whose value has no name of its own here. */
	TableConstraint domainConstraint() {
		String name = this.sql.accept("CONSTRAINT") ? this.sql.requireIdentifier() : null;
		ConstraintReader reader = new ConstraintReader(name);
		if (!reader.readColumnConstraint("value")) {
			throw this.sql.notUnderstood();
		}
		return reader.constraint();
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

	/** Reads options of a sequence as long as they come. */
	SequenceOptions sequence() {
		TypeName type = null;
		boolean restart = false;
		QualifiedName ownedBy = null;
		Persistence persistence = null;
		while (true) {
			if (this.sql.accept("AS")) {
				type = this.sql.type();
			}
			else if (this.sql.accept("RESTART")) {
				restart = true;
				this.sql.accept("WITH");
				number();
			}
			else if (this.sql.accept("OWNED", "BY")) {
				ownedBy = ownedBy();
			}
			else if (this.sql.accept("SET", "LOGGED") || this.sql.accept("LOGGED")) {
				persistence = Persistence.PERMANENT;
			}
			else if (this.sql.accept("SET", "UNLOGGED") || this.sql.accept("UNLOGGED")) {
				persistence = Persistence.UNLOGGED;
			}
			else if (!acceptPlainOption()) {
				return new SequenceOptions(type, restart, ownedBy, persistence);
			}
		}
	}

	private boolean acceptPlainOption() {
		if (this.sql.accept("NO")) {
			if (!this.sql.acceptAny("CYCLE", "MAXVALUE", "MINVALUE")) {
				throw this.sql.notUnderstood();
			}
			return true;
		}
		if (this.sql.accept("CYCLE")) {
			return true;
		}
		if (this.sql.accept("SEQUENCE", "NAME")) {
			this.sql.requireName();
			return true;
		}
		if (this.sql.accept("INCREMENT")) {
			this.sql.accept("BY");
		}
		else if (this.sql.accept("START")) {
			this.sql.accept("WITH");
		}
		else if (!this.sql.acceptAny("CACHE", "MAXVALUE", "MINVALUE")) {
			return false;
		}
		number();
		return true;
	}

	private void number() {
		if (this.sql.isAtNumber() || this.sql.isAtOperator() || this.sql.isAt('.')) {
			this.sql.value();
		}
	}

	private @Nullable QualifiedName ownedBy() {
		if (this.sql.accept("NONE")) {
			return null;
		}
		QualifiedName column = null;
		List<String> parts = new ArrayList<>();
		do {
			parts.add(this.sql.requireIdentifier());
		}
		while (this.sql.accept('.'));
		int table = parts.size() - 2;
		if (table >= 0) {
			column = new QualifiedName((table > 0) ? parts.get(table - 1) : null, parts.get(table));
		}
		return column;
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
				ConstraintReader reader = new ConstraintReader(constraint);
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
					sequence();
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

	/** Reads one constraint, part by part. */
	private final class ConstraintReader {

		private final SqlReader sql = ColumnParser.this.sql;

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

		ConstraintReader(@Nullable String name) {
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
			List<IndexKey> keys = keys();
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

}
