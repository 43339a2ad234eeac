package dev.tidemark.statement.parse;

import java.util.ArrayList;
import java.util.List;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.SqlBuilder;
import dev.tidemark.statement.Grant;
import dev.tidemark.statement.GrantRole;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.ObjectName;
import dev.tidemark.statement.ReassignOwned;
import dev.tidemark.statement.Statement;

/**
 * Reads who gets and loses rights; used once.
 */
final class AccessParser {

	private final SqlReader sql;

	AccessParser(SqlReader sql) {
		this.sql = sql;
	}

	Statement read() {
		if (this.sql.accept("REASSIGN")) {
			this.sql.expect("OWNED", "BY");
			List<String> roles = this.sql.list(this.sql::role);
			this.sql.expect("TO");
			return new ReassignOwned(roles, this.sql.role());
		}
		boolean grant = this.sql.accept("GRANT");
		if (!grant) {
			this.sql.expect("REVOKE");
			optionFor();
		}
		int start = this.sql.start();
		while (!this.sql.isAtEnd() && !this.sql.isAtAny("ON", "TO", "FROM")) {
			this.sql.skipOne();
		}
		boolean onObjects = this.sql.isAt("ON");
		this.sql.backTo(start);
		return onObjects ? rights(grant) : roles(grant);
	}

	/** Only the option to grant, or to be a member in a way, is revoked. */
	private void optionFor() {
		int start = this.sql.start();
		this.sql.skip();
		if (!this.sql.accept("OPTION", "FOR")) {
			this.sql.backTo(start);
		}
	}

	private Statement roles(boolean grant) {
		List<String> granted = this.sql.list(this.sql::role);
		this.sql.expect(grant ? "TO" : "FROM");
		List<String> members = this.sql.list(this.sql::role);
		while (!this.sql.isAtEnd() && !this.sql.isAtNextElement()) {
			this.sql.skip();
		}
		return new GrantRole(grant, granted, members);
	}

	private Statement rights(boolean grant) {
		SqlBuilder what = new SqlBuilder();
		while (!this.sql.isAtEnd() && !this.sql.isAt("ON")) {
			this.sql.readInto(what);
		}
		int start = this.sql.start();
		String to = grant ? "TO" : "FROM";
		while (!this.sql.isAtEnd() && !this.sql.isAt(to)) {
			this.sql.readInto(what);
		}
		this.sql.backTo(start);
		this.sql.expect("ON");
		ObjectKind kind = kind();
		List<String> schemas = this.sql.accept("IN", "SCHEMA") ? this.sql.list(this.sql::requireIdentifier) : List.of();
		List<ObjectName> objects = schemas.isEmpty() ? objects(kind) : List.of();
		this.sql.expect(to);
		List<String> roles = this.sql.list(this.sql::role);
		boolean cascade = false;
		while (!this.sql.isAtEnd() && !this.sql.isAtNextElement()) {
			if (this.sql.accept("GRANTED", "BY")) {
				this.sql.role();
			}
			else if (!this.sql.accept("WITH", "GRANT", "OPTION")) {
				cascade = this.sql.isAt("CASCADE");
				this.sql.acceptAny("CASCADE", "RESTRICT");
				if (!this.sql.isAtEnd()) {
					throw this.sql.notUnderstood();
				}
			}
		}
		return new Grant(grant, kind, objects, schemas, what.toString(), roles, cascade);
	}

	private List<ObjectName> objects(ObjectKind kind) {
		List<ObjectName> objects = new ArrayList<>();
		ObjectNameReader reader = new ObjectNameReader(this.sql);
		do {
			objects.add((kind == ObjectKind.PARAMETER) ? parameter() : this.sql.require(reader.read(kind)));
		}
		while (this.sql.accept(','));
		return objects;
	}

	private ObjectName parameter() {
		return ObjectName.of(new QualifiedName(null, this.sql.require(this.sql.dottedName())));
	}

	private ObjectKind kind() {
		if (this.sql.accept("ALL")) {
			if (this.sql.accept("TABLES")) {
				return ObjectKind.TABLE;
			}
			if (this.sql.accept("SEQUENCES")) {
				return ObjectKind.SEQUENCE;
			}
			if (this.sql.accept("PROCEDURES")) {
				return ObjectKind.PROCEDURE;
			}
			if (this.sql.accept("ROUTINES")) {
				return ObjectKind.ROUTINE;
			}
			this.sql.expect("FUNCTIONS");
			return ObjectKind.FUNCTION;
		}
		if (this.sql.accept("FOREIGN", "SERVER")) {
			return ObjectKind.SERVER;
		}
		int start = this.sql.start();
		if (this.sql.isAtWord() && isKind()) {
			return new KindReader(this.sql).read();
		}
		this.sql.backTo(start);
		return ObjectKind.TABLE;
	}

	/** The word may be the name of a table instead. */
	private boolean isKind() {
		int start = this.sql.start();
		boolean kind = this.sql.acceptAny("TABLE", "SEQUENCE", "DATABASE", "DOMAIN", "FUNCTION", "LANGUAGE",
				"PARAMETER", "PROCEDURE", "ROUTINE", "SCHEMA", "TABLESPACE", "TYPE")
				|| this.sql.accept("FOREIGN", "DATA", "WRAPPER") || this.sql.accept("LARGE", "OBJECT");
		kind = kind && (this.sql.isAtName() || this.sql.isAtNumber()) && !this.sql.isAtAny("TO", "FROM");
		this.sql.backTo(start);
		return kind;
	}

}
