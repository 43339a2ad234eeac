package dev.tidemark.statement.parse;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.Expression;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.SequenceOptions;
import dev.tidemark.statement.TableAction;
import dev.tidemark.statement.TableAction.DetachPartition.Mode;
import dev.tidemark.statement.TableAction.Firing;
import dev.tidemark.statement.TypeName;

/**
 * Reads what {@code ALTER TABLE} and the like do.
 */
final class TableActionParser {

	private final SqlReader sql;

	private final ColumnParser columns;

	TableActionParser(SqlReader sql) {
		this.sql = sql;
		this.columns = new ColumnParser(sql);
	}

	List<TableAction> actions(ObjectKind kind) {
		return this.sql.list(() -> action(kind));
	}

	private TableAction action(ObjectKind kind) {
		if (this.sql.accept("RENAME")) {
			return rename();
		}
		if (this.sql.accept("ADD")) {
			return add();
		}
		if (this.sql.accept("DROP")) {
			return drop();
		}
		if (this.sql.accept("ALTER")) {
			return alter();
		}
		if (this.sql.accept("SET")) {
			return set();
		}
		if (this.sql.accept("RESET")) {
			return new TableAction.SetOptions(options(), true);
		}
		if (this.sql.accept("VALIDATE", "CONSTRAINT")) {
			return new TableAction.ValidateConstraint(this.sql.requireIdentifier());
		}
		if (this.sql.accept("ATTACH", "PARTITION")) {
			return attach(kind);
		}
		if (this.sql.accept("DETACH", "PARTITION")) {
			return detach();
		}
		return other();
	}

	private TableAction other() {
		if (this.sql.accept("ENABLE")) {
			return enable();
		}
		if (this.sql.accept("DISABLE")) {
			return disable();
		}
		if (this.sql.accept("FORCE")) {
			return rowSecurity(true, true);
		}
		if (this.sql.accept("NO")) {
			return no();
		}
		if (this.sql.accept("INHERIT")) {
			return new TableAction.Inherit(this.sql.requireName(), true);
		}
		if (this.sql.accept("CLUSTER", "ON")) {
			return new TableAction.ClusterOn(this.sql.requireIdentifier());
		}
		if (this.sql.accept("OWNER", "TO")) {
			return new TableAction.ChangeOwner(this.sql.role());
		}
		if (this.sql.accept("REPLICA", "IDENTITY")) {
			return replicaIdentity();
		}
		if (this.sql.accept("OF")) {
			return new TableAction.OfType(this.sql.requireName());
		}
		if (this.sql.accept("NOT", "OF")) {
			return new TableAction.OfType(null);
		}
		if (this.sql.accept("OPTIONS")) {
			this.sql.skipParentheses();
			return new TableAction.ForeignOptions(null);
		}
		if (this.sql.accept("DEPENDS", "ON", "EXTENSION")) {
			return new TableAction.DependOnExtension(this.sql.requireIdentifier(), true);
		}
		return partitions();
	}

	private TableAction partitions() {
		if (this.sql.accept("MERGE", "PARTITIONS")) {
			List<QualifiedName> partitions = this.sql.parenthesised(this.sql::requireName);
			this.sql.expect("INTO");
			return new TableAction.MergePartitions(partitions, this.sql.requireName());
		}
		if (this.sql.accept("SPLIT", "PARTITION")) {
			QualifiedName partition = this.sql.requireName();
			this.sql.expect("INTO");
			return new TableAction.SplitPartition(partition, this.sql.parenthesised(() -> {
				this.sql.expect("PARTITION");
				QualifiedName part = this.sql.requireName();
				bound();
				return part;
			}));
		}
		throw this.sql.notUnderstood();
	}

	private TableAction rename() {
		if (this.sql.accept("TO")) {
			return new TableAction.Rename(this.sql.requireIdentifier());
		}
		if (this.sql.accept("CONSTRAINT")) {
			String name = this.sql.requireIdentifier();
			this.sql.expect("TO");
			return new TableAction.RenameConstraint(name, this.sql.requireIdentifier());
		}
		skipColumn();
		String column = this.sql.requireIdentifier();
		this.sql.expect("TO");
		return new TableAction.RenameColumn(column, this.sql.requireIdentifier());
	}

	/** The word is no reserved one only after it: a column cannot be called so. */
	private void skipColumn() {
		this.sql.accept("COLUMN");
	}

	private TableAction add() {
		if (this.columns.isAtConstraint()) {
			return new TableAction.AddConstraint(this.columns.constraint());
		}
		skipColumn();
		boolean ifNotExists = this.sql.ifNotExists();
		return new TableAction.AddColumn(this.columns.column(), ifNotExists);
	}

	private TableAction drop() {
		if (this.sql.accept("CONSTRAINT")) {
			boolean ifExists = this.sql.ifExists();
			return new TableAction.DropConstraint(this.sql.requireIdentifier(), ifExists, this.sql.cascade());
		}
		skipColumn();
		boolean ifExists = this.sql.ifExists();
		return new TableAction.DropColumn(this.sql.requireIdentifier(), ifExists, this.sql.cascade());
	}

	private TableAction alter() {
		if (this.sql.accept("CONSTRAINT")) {
			return alterConstraint(this.sql.requireIdentifier());
		}
		skipColumn();
		if (this.sql.isAtNumber()) {
			String number = this.sql.value();
			this.sql.expect("SET", "STATISTICS");
			this.sql.value();
			return new TableAction.SetStatistics(number);
		}
		String column = this.sql.requireIdentifier();
		if (this.sql.accept("SET")) {
			return setColumn(column);
		}
		if (this.sql.accept("DROP")) {
			return dropOfColumn(column);
		}
		if (this.sql.accept("TYPE")) {
			return type(column);
		}
		if (this.sql.accept("ADD", "GENERATED")) {
			return addIdentity(column);
		}
		if (this.sql.accept("RESET")) {
			this.sql.skipParentheses();
			return new TableAction.SetColumnOptions(column, true);
		}
		if (this.sql.accept("OPTIONS")) {
			this.sql.skipParentheses();
			return new TableAction.ForeignOptions(column);
		}
		if (this.sql.isAt("RESTART")) {
			return setIdentity(column);
		}
		throw this.sql.notUnderstood();
	}

	private TableAction setColumn(String column) {
		if (this.sql.accept("DEFAULT")) {
			return new TableAction.SetDefault(column, this.sql.expression());
		}
		if (this.sql.accept("NOT", "NULL")) {
			return new TableAction.SetNotNull(column);
		}
		if (this.sql.accept("DATA", "TYPE")) {
			return type(column);
		}
		if (this.sql.accept("EXPRESSION", "AS")) {
			return new TableAction.SetExpression(column, this.sql.enclosedExpression());
		}
		if (this.sql.accept("STATISTICS")) {
			this.sql.value();
			return new TableAction.SetStatistics(column);
		}
		if (this.sql.accept("STORAGE")) {
			this.sql.value();
			return new TableAction.SetStorage(column);
		}
		if (this.sql.accept("COMPRESSION")) {
			this.sql.value();
			return new TableAction.SetCompression(column);
		}
		if (this.sql.isAt('(')) {
			this.sql.skipParentheses();
			return new TableAction.SetColumnOptions(column, false);
		}
		return setIdentity(column);
	}

	/** What is set of an identity: each has a {@code SET} of its own but the first. */
	private TableAction setIdentity(String column) {
		if (this.sql.isAtEnd() || this.sql.isAt(',')) {
			throw this.sql.notUnderstood();
		}
		boolean restart = false;
		SequenceOptions options = new SequenceOptions(null, false, null, null);
		do {
			if (this.sql.accept("GENERATED")) {
				if (!this.sql.accept("ALWAYS")) {
					this.sql.expect("BY", "DEFAULT");
				}
			}
			else {
				SequenceOptions more = new SequenceParser(this.sql).options();
				restart |= more.restart();
				options = more;
			}
		}
		while (this.sql.accept("SET") || this.sql.isAt("RESTART"));
		return new TableAction.SetIdentity(column,
				new SequenceOptions(options.type(), restart, options.ownedBy(), options.persistence()));
	}

	private TableAction dropOfColumn(String column) {
		if (this.sql.accept("DEFAULT")) {
			return new TableAction.DropDefault(column);
		}
		if (this.sql.accept("NOT", "NULL")) {
			return new TableAction.DropNotNull(column);
		}
		if (this.sql.accept("EXPRESSION")) {
			return new TableAction.DropExpression(column, this.sql.ifExists());
		}
		this.sql.expect("IDENTITY");
		return new TableAction.DropIdentity(column, this.sql.ifExists());
	}

	private TableAction type(String column) {
		TypeName type = this.sql.type();
		QualifiedName collation = this.sql.accept("COLLATE") ? this.sql.requireName() : null;
		Expression using = this.sql.accept("USING") ? this.sql.expression() : null;
		return new TableAction.AlterColumnType(column, type, collation, using);
	}

	private TableAction addIdentity(String column) {
		boolean always = this.sql.accept("ALWAYS");
		if (!always) {
			this.sql.expect("BY", "DEFAULT");
		}
		this.sql.expect("AS", "IDENTITY");
		this.sql.skipParentheses();
		return new TableAction.AddIdentity(column, always);
	}

	private TableAction alterConstraint(String name) {
		Boolean enforced = null;
		while (!this.sql.isAtEnd() && !this.sql.isAt(',')) {
			if (this.sql.accept("NOT", "ENFORCED")) {
				enforced = false;
			}
			else if (this.sql.accept("ENFORCED")) {
				enforced = true;
			}
			else if (this.sql.accept("INITIALLY")) {
				this.sql.skip();
			}
			else if (!this.sql.accept("NOT", "DEFERRABLE") && !this.sql.accept("NO", "INHERIT")
					&& !this.sql.acceptAny("DEFERRABLE", "INHERIT")) {
				throw this.sql.notUnderstood();
			}
		}
		return new TableAction.AlterConstraint(name, enforced);
	}

	private TableAction set() {
		if (this.sql.accept("SCHEMA")) {
			return new TableAction.SetSchema(this.sql.requireIdentifier());
		}
		if (this.sql.accept("TABLESPACE")) {
			String tablespace = this.sql.requireIdentifier();
			this.sql.accept("NOWAIT");
			return new TableAction.SetTablespace(tablespace);
		}
		if (this.sql.accept("LOGGED")) {
			return new TableAction.SetLogged(true);
		}
		if (this.sql.accept("UNLOGGED")) {
			return new TableAction.SetLogged(false);
		}
		if (this.sql.accept("WITHOUT")) {
			if (this.sql.accept("CLUSTER")) {
				return new TableAction.ClusterOn(null);
			}
			this.sql.expect("OIDS");
			return new TableAction.SetWithoutOids();
		}
		if (this.sql.accept("ACCESS", "METHOD")) {
			return new TableAction.SetAccessMethod(this.sql.accept("DEFAULT") ? null : this.sql.requireIdentifier());
		}
		return new TableAction.SetOptions(options(), false);
	}

	/** Reads the names of storage parameters. */
	Set<String> options() {
		Set<String> names = new HashSet<>();
		this.sql.parenthesised(() -> {
			String name = this.sql.settingName();
			while (!this.sql.isAtEnd() && !this.sql.isAt(',') && !this.sql.isAt(')')) {
				this.sql.skipOne();
			}
			return names.add(name);
		});
		return names;
	}

	private TableAction attach(ObjectKind kind) {
		QualifiedName partition = this.sql.requireName();
		return new TableAction.AttachPartition(partition, kind != ObjectKind.INDEX && bound());
	}

	/** Reads the bound of a partition, and whether it is the default. */
	boolean bound() {
		if (this.sql.accept("DEFAULT")) {
			return true;
		}
		this.sql.expect("FOR", "VALUES");
		if (this.sql.accept("IN") || this.sql.accept("WITH")) {
			enclosed();
		}
		else {
			this.sql.expect("FROM");
			enclosed();
			this.sql.expect("TO");
			enclosed();
		}
		return false;
	}

	private void enclosed() {
		if (!this.sql.isAt('(')) {
			throw this.sql.notUnderstood();
		}
		this.sql.skipParentheses();
	}

	private TableAction detach() {
		QualifiedName partition = this.sql.requireName();
		Mode mode = this.sql.accept("CONCURRENTLY") ? Mode.CONCURRENTLY
				: this.sql.accept("FINALIZE") ? Mode.FINALIZE : Mode.AT_ONCE;
		return new TableAction.DetachPartition(partition, mode);
	}

	private TableAction enable() {
		Firing firing = this.sql.accept("REPLICA") ? Firing.REPLICA
				: this.sql.accept("ALWAYS") ? Firing.ALWAYS : Firing.ORIGIN;
		return this.sql.isAt("ROW") ? rowSecurity(false, true) : switched(firing);
	}

	private TableAction disable() {
		return this.sql.isAt("ROW") ? rowSecurity(false, false) : switched(Firing.DISABLED);
	}

	private TableAction switched(Firing firing) {
		if (this.sql.accept("RULE")) {
			return new TableAction.SwitchRule(this.sql.requireIdentifier(), firing);
		}
		this.sql.expect("TRIGGER");
		String name = this.sql.acceptAny("ALL", "USER") ? null : this.sql.requireIdentifier();
		return new TableAction.SwitchTrigger(name, firing);
	}

	private TableAction rowSecurity(boolean forced, boolean on) {
		this.sql.expect("ROW", "LEVEL", "SECURITY");
		return new TableAction.RowSecurity(forced, on);
	}

	private TableAction no() {
		if (this.sql.accept("INHERIT")) {
			return new TableAction.Inherit(this.sql.requireName(), false);
		}
		if (this.sql.accept("FORCE")) {
			return rowSecurity(true, false);
		}
		this.sql.expect("DEPENDS", "ON", "EXTENSION");
		return new TableAction.DependOnExtension(this.sql.requireIdentifier(), false);
	}

	private TableAction replicaIdentity() {
		if (this.sql.accept("USING", "INDEX")) {
			return new TableAction.ReplicaIdentity(this.sql.requireIdentifier());
		}
		if (!this.sql.acceptAny("DEFAULT", "FULL", "NOTHING")) {
			throw this.sql.notUnderstood();
		}
		return new TableAction.ReplicaIdentity(null);
	}

}
