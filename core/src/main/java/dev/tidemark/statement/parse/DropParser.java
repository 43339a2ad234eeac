package dev.tidemark.statement.parse;

import java.util.ArrayList;
import java.util.List;

import dev.tidemark.statement.Comment;
import dev.tidemark.statement.Drop;
import dev.tidemark.statement.DropOwned;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.ObjectName;
import dev.tidemark.statement.Statement;

/**
 * Reads {@code DROP}, and what only describes objects, by their names.
 */
final class DropParser {

	private final SqlReader sql;

	DropParser(SqlReader sql) {
		this.sql = sql;
	}

	Statement read() {
		this.sql.expect("DROP");
		if (this.sql.accept("OWNED", "BY")) {
			List<String> roles = this.sql.list(this.sql::role);
			return new DropOwned(roles, this.sql.cascade());
		}
		this.sql.accept("PROCEDURAL");
		ObjectKind kind = new KindReader(this.sql).read();
		boolean concurrently = kind == ObjectKind.INDEX && this.sql.accept("CONCURRENTLY");
		boolean ifExists = this.sql.ifExists();
		ObjectNameReader reader = new ObjectNameReader(this.sql);
		List<ObjectName> names = new ArrayList<>();
		do {
			ObjectName name = reader.read(kind);
			if (name != null) {
				names.add(name);
			}
		}
		while (this.sql.accept(','));
		if (kind == ObjectKind.DATABASE) {
			this.sql.accept("WITH");
			this.sql.skipParentheses();
		}
		return new Drop(kind, names, ifExists, this.sql.cascade(), concurrently);
	}

	Statement comment() {
		if (this.sql.accept("SECURITY")) {
			this.sql.expect("LABEL");
			if (this.sql.accept("FOR")) {
				this.sql.value();
			}
		}
		else {
			this.sql.expect("COMMENT");
		}
		this.sql.expect("ON");
		ObjectKind kind = new KindReader(this.sql).read();
		ObjectName name = new ObjectNameReader(this.sql).read(kind);
		this.sql.expect("IS");
		if (!this.sql.accept("NULL")) {
			this.sql.requireString();
		}
		return new Comment(kind, name);
	}

}
