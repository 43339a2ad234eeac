package dev.tidemark.statement.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.ColumnDefinition;
import dev.tidemark.statement.CreateDatabase;
import dev.tidemark.statement.CreateDomain;
import dev.tidemark.statement.CreateEventTrigger;
import dev.tidemark.statement.CreateExtension;
import dev.tidemark.statement.CreateObject;
import dev.tidemark.statement.CreatePolicy;
import dev.tidemark.statement.CreatePublication;
import dev.tidemark.statement.CreateRoutine;
import dev.tidemark.statement.CreateRule;
import dev.tidemark.statement.CreateSchema;
import dev.tidemark.statement.CreateSequence;
import dev.tidemark.statement.CreateStatistics;
import dev.tidemark.statement.CreateSubscription;
import dev.tidemark.statement.CreateTablespace;
import dev.tidemark.statement.CreateTrigger;
import dev.tidemark.statement.CreateType;
import dev.tidemark.statement.CreateView;
import dev.tidemark.statement.Expression;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.ObjectName;
import dev.tidemark.statement.Persistence;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.TypeName;

/**
 * Reads {@code CREATE}; used once.
 */
final class CreateParser {

	private final SqlReader sql;

	private final StatementParser statements;

	private boolean orReplace;

	private boolean constraint;

	private boolean recursive;

	private Persistence persistence = Persistence.PERMANENT;

	CreateParser(SqlReader sql, StatementParser statements) {
		this.sql = sql;
		this.statements = statements;
	}

	Statement read() {
		this.sql.expect("CREATE");
		this.orReplace = this.sql.accept("OR", "REPLACE");
		modifiers();
		if (this.sql.accept("TABLE")) {
			return tables().table(ObjectKind.TABLE, this.persistence);
		}
		if (this.sql.accept("FOREIGN", "TABLE")) {
			return tables().table(ObjectKind.FOREIGN_TABLE, this.persistence);
		}
		if (this.sql.accept("UNIQUE", "INDEX")) {
			return tables().index(true);
		}
		if (this.sql.accept("INDEX")) {
			return tables().index(false);
		}
		if (this.sql.accept("MATERIALIZED", "VIEW")) {
			boolean ifNotExists = this.sql.ifNotExists();
			return tables().tableAs(ObjectKind.MATERIALIZED_VIEW, this.sql.requireName(), this.persistence,
					ifNotExists);
		}
		if (this.sql.accept("VIEW")) {
			return view();
		}
		return ofSchema();
	}

	private TableParser tables() {
		return new TableParser(this.sql, this.statements);
	}

	private void modifiers() {
		if (!this.sql.accept("GLOBAL")) {
			this.sql.accept("LOCAL");
		}
		if (this.sql.acceptAny("TEMP", "TEMPORARY")) {
			this.persistence = Persistence.TEMPORARY;
		}
		else if (this.sql.accept("UNLOGGED")) {
			this.persistence = Persistence.UNLOGGED;
		}
		this.recursive = this.sql.accept("RECURSIVE");
		this.constraint = this.sql.accept("CONSTRAINT");
		this.sql.accept("DEFAULT");
		this.sql.accept("TRUSTED");
		this.sql.accept("PROCEDURAL");
	}

	private Statement ofSchema() {
		if (this.sql.accept("SEQUENCE")) {
			boolean ifNotExists = this.sql.ifNotExists();
			QualifiedName name = this.sql.requireName();
			return new CreateSequence(name, this.persistence, ifNotExists, new SequenceParser(this.sql).options());
		}
		if (this.sql.accept("TYPE")) {
			return type();
		}
		if (this.sql.accept("DOMAIN")) {
			return domain();
		}
		if (this.sql.accept("FUNCTION")) {
			return new RoutineParser(this.sql).create(ObjectKind.FUNCTION, this.orReplace);
		}
		if (this.sql.accept("PROCEDURE")) {
			return new RoutineParser(this.sql).create(ObjectKind.PROCEDURE, this.orReplace);
		}
		if (this.sql.accept("TRIGGER")) {
			return trigger();
		}
		if (this.sql.accept("RULE")) {
			return rule();
		}
		if (this.sql.accept("POLICY")) {
			return policy();
		}
		if (this.sql.accept("STATISTICS")) {
			return statistics();
		}
		return ofDatabase();
	}

	private Statement ofDatabase() {
		if (this.sql.accept("SCHEMA")) {
			return schema();
		}
		if (this.sql.accept("EXTENSION")) {
			return extension();
		}
		if (this.sql.accept("EVENT", "TRIGGER")) {
			return eventTrigger();
		}
		if (this.sql.accept("PUBLICATION")) {
			String name = this.sql.requireIdentifier();
			return new CreatePublication(name, new PublicationParser(this.sql).created());
		}
		if (this.sql.accept("SUBSCRIPTION")) {
			return subscription();
		}
		if (this.sql.accept("DATABASE")) {
			String name = this.sql.requireIdentifier();
			this.sql.skipRest();
			return new CreateDatabase(name);
		}
		if (this.sql.accept("TABLESPACE")) {
			return tablespace();
		}
		return other();
	}

	private Statement view() {
		QualifiedName name = this.sql.requireName();
		List<String> columns = this.sql.isAt('(') ? this.sql.parenthesised(this.sql::requireIdentifier) : List.of();
		Set<String> options = this.sql.accept("WITH") ? new TableActionParser(this.sql).options() : Set.of();
		this.sql.expect("AS");
		Statement query = this.statements.query();
		// WITH CHECK OPTION is taken for a part of the query.
		return new CreateView(name, this.persistence == Persistence.TEMPORARY, this.orReplace, columns, options, query);
	}

	private Statement type() {
		QualifiedName name = this.sql.requireName();
		if (this.sql.accept("AS", "ENUM")) {
			this.sql.expect('(');
			List<String> labels = this.sql.isAt(')') ? List.of() : this.sql.list(this.sql::requireString);
			this.sql.expect(')');
			return new CreateType(name, CreateType.Form.ENUM, labels, List.of());
		}
		if (this.sql.accept("AS", "RANGE")) {
			this.sql.skipParentheses();
			return new CreateType(name, CreateType.Form.RANGE, List.of(), List.of());
		}
		if (this.sql.accept("AS")) {
			this.sql.expect('(');
			ColumnParser columns = new ColumnParser(this.sql);
			List<ColumnDefinition> attributes = this.sql.isAt(')') ? List.of() : this.sql.list(columns::column);
			this.sql.expect(')');
			return new CreateType(name, CreateType.Form.COMPOSITE, List.of(), attributes);
		}
		boolean base = this.sql.isAt('(');
		this.sql.skipParentheses();
		return new CreateType(name, base ? CreateType.Form.BASE : CreateType.Form.SHELL, List.of(), List.of());
	}

	private Statement domain() {
		QualifiedName name = this.sql.requireName();
		this.sql.accept("AS");
		TypeName type = this.sql.type();
		ColumnDefinition definition = new ColumnParser(this.sql).attributes(type);
		Expression defaultValue = definition.defaultValue();
		return new CreateDomain(name, type, defaultValue, definition.constraints());
	}

	private Statement trigger() {
		String name = this.sql.requireIdentifier();
		CreateTrigger.Timing timing = this.sql.accept("BEFORE") ? CreateTrigger.Timing.BEFORE
				: this.sql.accept("AFTER") ? CreateTrigger.Timing.AFTER : CreateTrigger.Timing.INSTEAD_OF;
		if (timing == CreateTrigger.Timing.INSTEAD_OF) {
			this.sql.expect("INSTEAD", "OF");
		}
		List<String> events = new ArrayList<>();
		do {
			events.add(event());
		}
		while (this.sql.accept("OR"));
		this.sql.expect("ON");
		QualifiedName table = this.sql.requireName();
		QualifiedName from = null;
		boolean forEachRow = false;
		Expression when = null;
		while (!this.sql.accept("EXECUTE")) {
			if (this.sql.accept("FROM")) {
				from = this.sql.requireName();
			}
			else if (this.sql.accept("FOR")) {
				this.sql.accept("EACH");
				forEachRow = this.sql.accept("ROW");
				if (!forEachRow) {
					this.sql.expect("STATEMENT");
				}
			}
			else if (this.sql.accept("WHEN")) {
				when = this.sql.enclosedExpression();
			}
			else if (this.sql.accept("REFERENCING")) {
				while (this.sql.acceptAny("OLD", "NEW")) {
					if (!this.sql.accept("TABLE")) {
						this.sql.expect("ROW");
					}
					this.sql.accept("AS");
					this.sql.requireIdentifier();
				}
			}
			else {
				this.sql.accept("NOT");
				this.sql.accept("INITIALLY");
				if (!this.sql.acceptAny("DEFERRABLE", "DEFERRED", "ENFORCED", "IMMEDIATE")) {
					throw this.sql.notUnderstood();
				}
			}
		}
		return new CreateTrigger(name, table, this.orReplace, this.constraint, from, timing, events, forEachRow, when,
				executed());
	}

	private QualifiedName executed() {
		if (!this.sql.acceptAny("FUNCTION", "PROCEDURE")) {
			throw this.sql.notUnderstood();
		}
		QualifiedName function = this.sql.requireName();
		this.sql.skipParentheses();
		return function;
	}

	private String event() {
		String event = this.sql.keyword();
		if (!this.sql.acceptAny("INSERT", "UPDATE", "DELETE", "TRUNCATE")) {
			throw this.sql.notUnderstood();
		}
		if (event.equals("UPDATE") && this.sql.accept("OF")) {
			this.sql.list(this.sql::requireIdentifier);
		}
		return event;
	}

	private Statement rule() {
		String name = this.sql.requireIdentifier();
		this.sql.expect("AS", "ON");
		String event = this.sql.keyword();
		this.sql.skip();
		this.sql.expect("TO");
		QualifiedName table = this.sql.requireName();
		if (this.sql.accept("WHERE")) {
			this.sql.expression("DO");
		}
		this.sql.expect("DO");
		boolean instead = this.sql.accept("INSTEAD");
		this.sql.skipRest();
		return new CreateRule(name, table, this.orReplace, event, instead);
	}

	private Statement policy() {
		String name = this.sql.requireIdentifier();
		this.sql.expect("ON");
		QualifiedName table = this.sql.requireName();
		boolean permissive = !this.sql.accept("AS") || !this.sql.isAt("RESTRICTIVE");
		String command = "ALL";
		while (!this.sql.isAtEnd()) {
			if (this.sql.accept("FOR")) {
				command = this.sql.keyword();
			}
			this.sql.skipOne();
		}
		return new CreatePolicy(name, table, permissive, command);
	}

	private Statement statistics() {
		boolean ifNotExists = this.sql.ifNotExists();
		QualifiedName name = (this.sql.isAt("ON") || this.sql.isAt('(')) ? null : this.sql.requireName();
		this.sql.skipParentheses();
		this.sql.expect("ON");
		if (!this.sql.skipPast("FROM")) {
			throw this.sql.notUnderstood();
		}
		QualifiedName table = this.sql.relation();
		boolean plain = this.sql.isAtEnd();
		this.sql.skipRest();
		return new CreateStatistics(name, plain ? table : null, ifNotExists);
	}

	private Statement schema() {
		boolean ifNotExists = this.sql.ifNotExists();
		String name = this.sql.isAt("AUTHORIZATION") ? null : this.sql.requireIdentifier();
		if (this.sql.accept("AUTHORIZATION")) {
			int start = this.sql.start();
			this.sql.role();
			if (name == null) {
				this.sql.backTo(start);
				name = this.sql.requireIdentifier();
			}
		}
		List<Statement> elements = new ArrayList<>();
		this.sql.beginElements();
		while (!this.sql.isAtEnd()) {
			elements.add(this.statements.statement());
		}
		return new CreateSchema(this.sql.require(name), ifNotExists, elements);
	}

	private Statement extension() {
		boolean ifNotExists = this.sql.ifNotExists();
		String name = this.sql.requireIdentifier();
		this.sql.accept("WITH");
		String schema = null;
		boolean cascade = false;
		while (!this.sql.isAtEnd()) {
			if (this.sql.accept("SCHEMA")) {
				schema = this.sql.requireIdentifier();
			}
			else if (this.sql.acceptAny("VERSION", "FROM")) {
				this.sql.value();
			}
			else {
				this.sql.expect("CASCADE");
				cascade = true;
			}
		}
		return new CreateExtension(name, ifNotExists, schema, cascade);
	}

	private Statement eventTrigger() {
		String name = this.sql.requireIdentifier();
		this.sql.expect("ON");
		String event = this.sql.word();
		if (!this.sql.skipPast("EXECUTE")) {
			throw this.sql.notUnderstood();
		}
		return new CreateEventTrigger(name, event, executed());
	}

	private Statement subscription() {
		String name = this.sql.requireIdentifier();
		if (this.sql.accept("SERVER")) {
			this.sql.requireIdentifier();
		}
		else {
			this.sql.expect("CONNECTION");
			this.sql.requireString();
		}
		this.sql.expect("PUBLICATION");
		List<String> publications = this.sql.list(this.sql::requireIdentifier);
		Map<String, String> options = this.sql.accept("WITH") ? this.sql.options() : Map.of();
		boolean connects = SqlReader.isOn(options, "connect", true);
		return new CreateSubscription(name, publications, SqlReader.isOn(options, "create_slot", connects));
	}

	private Statement tablespace() {
		String name = this.sql.requireIdentifier();
		if (this.sql.accept("OWNER")) {
			this.sql.role();
		}
		this.sql.expect("LOCATION");
		String location = this.sql.requireString();
		if (this.sql.accept("WITH")) {
			this.sql.skipParentheses();
		}
		return new CreateTablespace(name, location);
	}

	/** What locks no relation: its name is all that has to be known. */
	private Statement other() {
		ObjectKind kind = new KindReader(this.sql).read();
		boolean ifNotExists = this.sql.ifNotExists();
		@Nullable ObjectName name = new ObjectNameReader(this.sql).read(kind);
		this.sql.skipRest();
		return new CreateObject(kind, name, this.orReplace, ifNotExists);
	}

}
