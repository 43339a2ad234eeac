package dev.tidemark.statement.parse;

import java.util.ArrayList;
import java.util.List;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.AlterPublication;
import dev.tidemark.statement.PublishedObjects;
import dev.tidemark.statement.Statement;

/**
 * Reads what publications publish; used once.
 */
final class PublicationParser {

	private final SqlReader sql;

	private final List<QualifiedName> tables = new ArrayList<>();

	private final List<String> schemas = new ArrayList<>();

	private boolean allTables;

	private boolean allSequences;

	/** What the words before the last element said: a list may go on without them. */
	private boolean inSchemas;

	PublicationParser(SqlReader sql) {
		this.sql = sql;
	}

	/** Reads what follows the name of a new publication. */
	PublishedObjects created() {
		if (this.sql.accept("FOR")) {
			objects();
		}
		if (this.sql.accept("WITH")) {
			this.sql.skipParentheses();
		}
		return result();
	}

	Statement alter(String name) {
		AlterPublication.Action action = AlterPublication.Action.SET;
		if (this.sql.accept("ADD")) {
			action = AlterPublication.Action.ADD;
		}
		else if (this.sql.accept("DROP")) {
			action = AlterPublication.Action.DROP;
		}
		else {
			this.sql.expect("SET");
		}
		if (action == AlterPublication.Action.SET && this.sql.isAt('(')) {
			this.sql.skipParentheses();
			return new AlterPublication(name, AlterPublication.Action.OPTIONS, result());
		}
		objects();
		return new AlterPublication(name, action, result());
	}

	private PublishedObjects result() {
		return new PublishedObjects(this.allTables, this.allSequences, this.tables, this.schemas);
	}

	private void objects() {
		do {
			if (this.sql.accept("ALL", "TABLES")) {
				this.allTables = true;
				if (this.sql.accept("EXCEPT")) {
					this.sql.parenthesised(this::except);
				}
			}
			else if (this.sql.accept("ALL", "SEQUENCES")) {
				this.allSequences = true;
			}
			else {
				object();
			}
		}
		while (this.sql.accept(','));
	}

	private boolean except() {
		this.sql.accept("TABLE");
		return this.tables.add(this.sql.requireRelation());
	}

	private void object() {
		if (this.sql.accept("TABLES", "IN", "SCHEMA")) {
			this.inSchemas = true;
		}
		else if (this.sql.accept("TABLE")) {
			this.inSchemas = false;
		}
		if (this.inSchemas) {
			this.schemas.add(this.sql.accept("CURRENT_SCHEMA") ? "" : this.sql.requireIdentifier());
			return;
		}
		this.tables.add(this.sql.requireRelation());
		this.sql.skipParentheses();
		if (this.sql.accept("WHERE")) {
			this.sql.enclosedExpression();
		}
	}

}
