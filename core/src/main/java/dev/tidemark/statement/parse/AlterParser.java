package dev.tidemark.statement.parse;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.AlterDatabase;
import dev.tidemark.statement.AlterDefaultPrivileges;
import dev.tidemark.statement.AlterDomain;
import dev.tidemark.statement.AlterExtension;
import dev.tidemark.statement.AlterObject;
import dev.tidemark.statement.AlterPolicy;
import dev.tidemark.statement.AlterSequence;
import dev.tidemark.statement.AlterSubscription;
import dev.tidemark.statement.AlterSubscription.Action;
import dev.tidemark.statement.AlterSystem;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.AlterType;
import dev.tidemark.statement.DomainAction;
import dev.tidemark.statement.MoveRelations;
import dev.tidemark.statement.ObjectAction;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.ObjectName;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.TypeAction;

/**
 * Reads {@code ALTER}; used once.
 */
final class AlterParser {

	private final SqlReader sql;

	AlterParser(SqlReader sql) {
		this.sql = sql;
	}

	Statement read() {
		this.sql.expect("ALTER");
		if (this.sql.accept("SYSTEM")) {
			return system();
		}
		if (this.sql.accept("DEFAULT", "PRIVILEGES")) {
			return defaultPrivileges();
		}
		this.sql.accept("PROCEDURAL");
		ObjectKind kind = new KindReader(this.sql).read();
		if (kind.isRelation() && this.sql.accept("ALL", "IN", "TABLESPACE")) {
			return moveAll(kind);
		}
		boolean ifExists = this.sql.ifExists();
		return switch (kind) {
			case TABLE, FOREIGN_TABLE, INDEX, VIEW, MATERIALIZED_VIEW -> relation(kind, ifExists);
			case SEQUENCE -> sequence(ifExists);
			default -> object(kind, ifExists);
		};
	}

	private Statement relation(ObjectKind kind, boolean ifExists) {
		boolean only = this.sql.isAt("ONLY");
		QualifiedName name = this.sql.requireRelation();
		return new AlterTable(kind, name, only, ifExists, new TableActionParser(this.sql).actions(kind));
	}

	private Statement sequence(boolean ifExists) {
		QualifiedName name = this.sql.requireName();
		if (this.sql.isAtAny("OWNER", "RENAME") || isAtOtherSet()) {
			return new AlterTable(ObjectKind.SEQUENCE, name, false, ifExists,
					new TableActionParser(this.sql).actions(ObjectKind.SEQUENCE));
		}
		return new AlterSequence(name, ifExists, new SequenceParser(this.sql).options());
	}

	private boolean isAtOtherSet() {
		int start = this.sql.start();
		boolean other = this.sql.accept("SET") && this.sql.isAtAny("SCHEMA", "LOGGED", "UNLOGGED");
		this.sql.backTo(start);
		return other;
	}

	private Statement moveAll(ObjectKind kind) {
		String from = this.sql.requireIdentifier();
		List<String> owners = this.sql.accept("OWNED", "BY") ? this.sql.list(this.sql::role) : List.of();
		this.sql.expect("SET", "TABLESPACE");
		String to = this.sql.requireIdentifier();
		return new MoveRelations(kind, from, owners, to, this.sql.accept("NOWAIT"));
	}

	private Statement object(ObjectKind kind, boolean ifExists) {
		ObjectName name = new ObjectNameReader(this.sql).read(kind);
		ObjectAction common = common();
		if (common != null) {
			return new AlterObject(kind, name, ifExists, common);
		}
		QualifiedName plain = (name != null) ? name.name() : null;
		if (plain == null) {
			return other(kind, null, ifExists);
		}
		return switch (kind) {
			case TYPE -> type(plain);
			case DOMAIN -> new AlterDomain(plain, domainAction());
			case FUNCTION, PROCEDURE, ROUTINE -> new RoutineParser(this.sql).alter(kind, this.sql.require(name));
			case POLICY -> policy(this.sql.require(name));
			case PUBLICATION -> new PublicationParser(this.sql).alter(plain.name());
			case SUBSCRIPTION -> subscription(plain.name());
			case EXTENSION -> extension(plain.name());
			case DATABASE -> database(plain.name());
			default -> other(kind, name, ifExists);
		};
	}

	private Statement other(ObjectKind kind, @Nullable ObjectName name, boolean ifExists) {
		String word = this.sql.keyword();
		if (this.sql.isAtEnd()) {
			throw this.sql.notUnderstood();
		}
		this.sql.skipRest();
		return new AlterObject(kind, name, ifExists, new ObjectAction.Other(word));
	}

	private @Nullable ObjectAction common() {
		if (this.sql.accept("RENAME", "TO")) {
			return new ObjectAction.Rename(this.sql.requireIdentifier());
		}
		if (this.sql.accept("SET", "SCHEMA")) {
			return new ObjectAction.SetSchema(this.sql.requireIdentifier());
		}
		if (this.sql.accept("OWNER", "TO")) {
			return new ObjectAction.ChangeOwner(this.sql.role());
		}
		boolean no = this.sql.accept("NO", "DEPENDS");
		if (no || this.sql.accept("DEPENDS")) {
			this.sql.expect("ON", "EXTENSION");
			return new ObjectAction.DependOnExtension(this.sql.requireIdentifier(), !no);
		}
		return null;
	}

	private Statement type(QualifiedName name) {
		if (this.sql.accept("ADD", "VALUE")) {
			boolean ifNotExists = this.sql.ifNotExists();
			String value = this.sql.requireString();
			if (this.sql.acceptAny("BEFORE", "AFTER")) {
				this.sql.requireString();
			}
			return new AlterType(name, List.of(new TypeAction.AddValue(value, ifNotExists)));
		}
		if (this.sql.accept("RENAME", "VALUE")) {
			String from = this.sql.requireString();
			this.sql.expect("TO");
			return new AlterType(name, List.of(new TypeAction.RenameValue(from, this.sql.requireString())));
		}
		if (this.sql.accept("RENAME", "ATTRIBUTE")) {
			String from = this.sql.requireIdentifier();
			this.sql.expect("TO");
			String to = this.sql.requireIdentifier();
			return new AlterType(name, List.of(new TypeAction.RenameAttribute(from, to, this.sql.cascade())));
		}
		if (this.sql.accept("SET")) {
			this.sql.skipParentheses();
			return new AlterType(name, List.of(new TypeAction.SetProperties()));
		}
		return new AlterType(name, this.sql.list(this::attribute));
	}

	private TypeAction attribute() {
		if (this.sql.accept("ADD", "ATTRIBUTE")) {
			return new TypeAction.AddAttribute(new ColumnParser(this.sql).column(), this.sql.cascade());
		}
		if (this.sql.accept("DROP", "ATTRIBUTE")) {
			boolean ifExists = this.sql.ifExists();
			return new TypeAction.DropAttribute(this.sql.requireIdentifier(), ifExists, this.sql.cascade());
		}
		this.sql.expect("ALTER", "ATTRIBUTE");
		String attribute = this.sql.requireIdentifier();
		this.sql.accept("SET", "DATA");
		this.sql.expect("TYPE");
		var type = this.sql.type();
		if (this.sql.accept("COLLATE")) {
			this.sql.requireName();
		}
		return new TypeAction.AlterAttribute(attribute, type, this.sql.cascade());
	}

	private DomainAction domainAction() {
		if (this.sql.accept("SET", "DEFAULT")) {
			return new DomainAction.SetDefault(this.sql.expression());
		}
		if (this.sql.accept("DROP", "DEFAULT")) {
			return new DomainAction.DropDefault();
		}
		if (this.sql.accept("SET", "NOT", "NULL")) {
			return new DomainAction.SetNotNull();
		}
		if (this.sql.accept("DROP", "NOT", "NULL")) {
			return new DomainAction.DropNotNull();
		}
		if (this.sql.accept("ADD")) {
			return new DomainAction.AddConstraint(new ColumnParser(this.sql).domainConstraint());
		}
		if (this.sql.accept("DROP", "CONSTRAINT")) {
			boolean ifExists = this.sql.ifExists();
			return new DomainAction.DropConstraint(this.sql.requireIdentifier(), ifExists, this.sql.cascade());
		}
		if (this.sql.accept("VALIDATE", "CONSTRAINT")) {
			return new DomainAction.ValidateConstraint(this.sql.requireIdentifier());
		}
		this.sql.expect("RENAME", "CONSTRAINT");
		String name = this.sql.requireIdentifier();
		this.sql.expect("TO");
		return new DomainAction.RenameConstraint(name, this.sql.requireIdentifier());
	}

	private Statement policy(ObjectName name) {
		this.sql.skipRest();
		return new AlterPolicy(name.name().name(), this.sql.require(name.table()));
	}

	private Statement extension(String name) {
		AlterExtension.Action action = this.sql.accept("UPDATE") ? AlterExtension.Action.UPDATE
				: this.sql.accept("ADD") ? AlterExtension.Action.ADD : AlterExtension.Action.DROP;
		if (action == AlterExtension.Action.DROP) {
			this.sql.expect("DROP");
		}
		this.sql.skipRest();
		return new AlterExtension(name, action);
	}

	private Statement database(String name) {
		if (this.sql.accept("SET", "TABLESPACE")) {
			return new AlterDatabase(name, this.sql.requireIdentifier());
		}
		if (this.sql.accept("WITH", "TABLESPACE") || this.sql.accept("TABLESPACE")) {
			this.sql.acceptEqualsSign();
			return new AlterDatabase(name, this.sql.requireIdentifier());
		}
		this.sql.skipRest();
		return new AlterDatabase(name, null);
	}

	private Statement subscription(String name) {
		Action action = subscriptionAction();
		return switch (action) {
			case REFRESH -> {
				this.sql.skipRest();
				yield new AlterSubscription(name, action, true);
			}
			case SET, ADD, DROP -> new AlterSubscription(name, action, changesSlot());
			case ENABLE, DISABLE, CONNECTION, SKIP -> {
				this.sql.skipRest();
				yield new AlterSubscription(name, action, false);
			}
		};
	}

	private Action subscriptionAction() {
		if (this.sql.accept("SERVER")) {
			return Action.CONNECTION;
		}
		for (Action action : Action.values()) {
			if (this.sql.accept(action.name())) {
				return action;
			}
		}
		throw this.sql.notUnderstood();
	}

	private boolean changesSlot() {
		if (this.sql.isAt('(')) {
			Map<String, String> options = this.sql.options();
			return options.containsKey("failover") || !SqlReader.isOn(options, "two_phase", true);
		}
		this.sql.expect("PUBLICATION");
		this.sql.list(this.sql::requireIdentifier);
		Map<String, String> options = this.sql.accept("WITH") ? this.sql.options() : Map.of();
		return SqlReader.isOn(options, "refresh", true);
	}

	private Statement system() {
		boolean reset = this.sql.accept("RESET");
		if (!reset) {
			this.sql.expect("SET");
		}
		String parameter = null;
		if (!reset || !this.sql.accept("ALL")) {
			parameter = this.sql.settingName();
		}
		this.sql.skipRest();
		return new AlterSystem(parameter, reset);
	}

	private Statement defaultPrivileges() {
		while (!this.sql.isAtEnd() && !this.sql.isAtAny("GRANT", "REVOKE")) {
			this.sql.skip();
		}
		boolean grant = this.sql.accept("GRANT");
		if (!grant) {
			this.sql.expect("REVOKE");
		}
		this.sql.skipRest();
		return new AlterDefaultPrivileges(grant);
	}

}
