package dev.tidemark.statement.parse;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.SqlBuilder;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.ObjectName;

/**
 * Reads the names of objects, each in the notation of its kind.
 */
final class ObjectNameReader {

	private final SqlReader sql;

	ObjectNameReader(SqlReader sql) {
		this.sql = sql;
	}

	/** Reads one name; {@code null} for what has none that could be told. */
	@Nullable ObjectName read(ObjectKind kind) {
		return switch (kind) {
			case POLICY, RULE, TRIGGER -> ofTable();
			case AGGREGATE, FUNCTION, PROCEDURE, ROUTINE -> routine();
			case CONSTRAINT -> constraint();
			case COLUMN -> this.sql.require(column());
			case CAST -> cast();
			case OPERATOR -> operator();
			case OPERATOR_CLASS, OPERATOR_FAMILY -> operatorClass();
			case TRANSFORM -> transform();
			case USER_MAPPING -> userMapping();
			case LARGE_OBJECT -> largeObject();
			case TYPE, DOMAIN -> type();
			default -> new ObjectName(this.sql.requireName(), null, null);
		};
	}

	private ObjectName ofTable() {
		QualifiedName name = this.sql.requireName();
		this.sql.expect("ON");
		return new ObjectName(name, this.sql.requireName(), null);
	}

	private ObjectName routine() {
		return new ObjectName(this.sql.requireName(), null, arguments());
	}

	/**
	 * Reads arguments in parentheses, if they open here, and leaves out their defaults.
	 */
	@Nullable String arguments() {
		if (!this.sql.accept('(')) {
			return null;
		}
		SqlBuilder arguments = new SqlBuilder();
		boolean isDefault = false;
		while (!this.sql.isAtEnd() && !this.sql.isAt(')')) {
			isDefault = !this.sql.isAt(',') && (isDefault || this.sql.isAt("DEFAULT") || this.sql.isAtEqualsSign());
			if (isDefault) {
				this.sql.skipOne();
			}
			else {
				this.sql.readInto(arguments);
			}
		}
		this.sql.expect(')');
		return arguments.toString();
	}

	private ObjectName constraint() {
		QualifiedName name = this.sql.requireName();
		this.sql.expect("ON");
		this.sql.accept("DOMAIN");
		return new ObjectName(name, this.sql.requireName(), null);
	}

	/**
	 * Reads the name of a column with that of its relation, which is the table; without
	 * one {@code null} is returned.
	 */
	@Nullable ObjectName column() {
		List<String> parts = new ArrayList<>();
		do {
			parts.add(this.sql.requireIdentifier());
		}
		while (this.sql.accept('.'));
		int relation = parts.size() - 2;
		if (relation < 0) {
			return null;
		}
		QualifiedName table = new QualifiedName((relation > 0) ? parts.get(relation - 1) : null, parts.get(relation));
		return new ObjectName(new QualifiedName(null, parts.get(relation + 1)), table, null);
	}

	private @Nullable ObjectName cast() {
		if (!this.sql.isAt('(')) {
			throw this.sql.notUnderstood();
		}
		this.sql.skipParentheses();
		return null;
	}

	private @Nullable ObjectName operator() {
		while (this.sql.isAtName()) {
			this.sql.skip();
			this.sql.expect('.');
		}
		if (!this.sql.isAtOperator()) {
			throw this.sql.notUnderstood();
		}
		this.sql.skip();
		this.sql.skipParentheses();
		return null;
	}

	private ObjectName operatorClass() {
		QualifiedName name = this.sql.requireName();
		if (this.sql.accept("USING")) {
			this.sql.requireIdentifier();
		}
		return new ObjectName(name, null, null);
	}

	private @Nullable ObjectName transform() {
		this.sql.expect("FOR");
		this.sql.type();
		this.sql.expect("LANGUAGE");
		this.sql.requireIdentifier();
		return null;
	}

	private @Nullable ObjectName userMapping() {
		this.sql.expect("FOR");
		this.sql.role();
		this.sql.expect("SERVER");
		this.sql.requireIdentifier();
		return null;
	}

	private ObjectName largeObject() {
		return new ObjectName(new QualifiedName(null, this.sql.value()), null, null);
	}

	private ObjectName type() {
		return new ObjectName(this.sql.type().name(), null, null);
	}

}
