package dev.tidemark.plan;

import java.util.EnumSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.StringLiteral;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.AlterDomain;
import dev.tidemark.statement.AlterObject;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.AlterType;
import dev.tidemark.statement.Analyze;
import dev.tidemark.statement.Checkpoint;
import dev.tidemark.statement.Cluster;
import dev.tidemark.statement.Comment;
import dev.tidemark.statement.Copy;
import dev.tidemark.statement.CreateDatabase;
import dev.tidemark.statement.CreateDomain;
import dev.tidemark.statement.CreateEventTrigger;
import dev.tidemark.statement.CreateExtension;
import dev.tidemark.statement.CreateIndex;
import dev.tidemark.statement.CreateObject;
import dev.tidemark.statement.CreatePolicy;
import dev.tidemark.statement.CreatePublication;
import dev.tidemark.statement.CreateRoutine;
import dev.tidemark.statement.CreateRule;
import dev.tidemark.statement.CreateSchema;
import dev.tidemark.statement.CreateSequence;
import dev.tidemark.statement.CreateStatistics;
import dev.tidemark.statement.CreateTable;
import dev.tidemark.statement.CreateTableAs;
import dev.tidemark.statement.CreateTrigger;
import dev.tidemark.statement.CreateType;
import dev.tidemark.statement.CreateView;
import dev.tidemark.statement.Deallocate;
import dev.tidemark.statement.DeclareCursor;
import dev.tidemark.statement.Discard;
import dev.tidemark.statement.DomainAction;
import dev.tidemark.statement.Explain;
import dev.tidemark.statement.Grant;
import dev.tidemark.statement.GrantRole;
import dev.tidemark.statement.LockTable;
import dev.tidemark.statement.Notification;
import dev.tidemark.statement.ObjectAction;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.ObjectName;
import dev.tidemark.statement.Persistence;
import dev.tidemark.statement.Prepare;
import dev.tidemark.statement.RefreshMaterializedView;
import dev.tidemark.statement.Reindex;
import dev.tidemark.statement.RowChange;
import dev.tidemark.statement.Rows;
import dev.tidemark.statement.Savepoint;
import dev.tidemark.statement.SetConstraints;
import dev.tidemark.statement.SetParameter;
import dev.tidemark.statement.SetTransaction;
import dev.tidemark.statement.Show;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.StatementVisitor;
import dev.tidemark.statement.TableAction;
import dev.tidemark.statement.TableActionVisitor;
import dev.tidemark.statement.TypeAction;
import dev.tidemark.statement.UseCursor;
import dev.tidemark.statement.Vacuum;

/**
 * Derives what would take back one statement, part by part; used once.
 */
@SuppressWarnings("NullAway") // It does not know that a type parameter may be nullable.
final class StatementInverse implements StatementVisitor<@Nullable Void> {

	/** Of what has no kind of its own, these have a name that drops them. */
	private static final Set<ObjectKind> NAMED = EnumSet.of(ObjectKind.AGGREGATE, ObjectKind.COLLATION,
			ObjectKind.SERVER);

	private final SqlStatement sql;

	private final Inverse inverse;

	StatementInverse(SqlStatement sql, Inverse inverse) {
		this.sql = sql;
		this.inverse = inverse;
	}

	@Override
	public @Nullable Void other(Statement statement) {
		return unknown(null);
	}

	private @Nullable Void unknown(@Nullable QualifiedName table) {
		this.inverse.add(this.sql, table, true, () -> null);
		return null;
	}

	private @Nullable Void add(@Nullable QualifiedName table, boolean needsPath, @Nullable String derived) {
		this.inverse.add(this.sql, table, needsPath, () -> derived);
		return null;
	}

	private @Nullable Void drop(ObjectKind kind, @Nullable ObjectName name, boolean maybe) {
		boolean needsPath = name != null && name.name().schema() == null && kind.isInSchema();
		return add(null, needsPath, (maybe || name == null) ? null : "DROP " + kind.sql() + " " + name.sql() + ";");
	}

	private @Nullable Void drop(ObjectKind kind, QualifiedName name, boolean maybe) {
		return drop(kind, ObjectName.of(name), maybe);
	}

	private @Nullable Void drop(ObjectKind kind, String name, boolean maybe) {
		return drop(kind, new QualifiedName(null, name), maybe);
	}

	@Override
	public @Nullable Void visit(CreateTable create) {
		return table(create.kind(), create.name(), create.persistence(), create.ifNotExists());
	}

	@Override
	public @Nullable Void visit(CreateTableAs create) {
		table(create.kind(), create.name(), create.persistence(), create.ifNotExists());
		return create.query().accept(this);
	}

	private @Nullable Void table(ObjectKind kind, QualifiedName name, Persistence persistence, boolean maybe) {
		if (persistence == Persistence.TEMPORARY) {
			return null;
		}
		if (kind == ObjectKind.TABLE && !maybe) {
			this.inverse.created(name);
		}
		return drop(kind, name, maybe);
	}

	@Override
	public @Nullable Void visit(CreateView create) {
		return create.temporary() ? null : drop(ObjectKind.VIEW, create.name(), create.orReplace());
	}

	@Override
	public @Nullable Void visit(CreateSequence create) {
		return (create.persistence() == Persistence.TEMPORARY) ? null
				: drop(ObjectKind.SEQUENCE, create.name(), create.ifNotExists());
	}

	@Override
	public @Nullable Void visit(CreateIndex create) {
		QualifiedName table = create.table();
		if (create.ifNotExists() || create.name() == null) {
			return add(table, table.schema() == null, null);
		}
		QualifiedName index = new QualifiedName(table.schema(), create.name());
		String drop = "DROP INDEX " + (create.concurrently() ? "CONCURRENTLY " : "") + index.quoted() + ";";
		this.inverse.add(this.sql, table, table.schema() == null, () -> {
			this.inverse.createdIndex(index, drop);
			return drop;
		});
		return null;
	}

	@Override
	public @Nullable Void visit(CreateType create) {
		return drop(ObjectKind.TYPE, create.name(), false);
	}

	@Override
	public @Nullable Void visit(CreateDomain create) {
		return drop(ObjectKind.DOMAIN, create.name(), false);
	}

	@Override
	public @Nullable Void visit(CreateRoutine create) {
		return drop(create.kind(), create.name(), create.orReplace());
	}

	@Override
	public @Nullable Void visit(CreateTrigger create) {
		return dropOfTable(ObjectKind.TRIGGER, create.name(), create.table(), create.orReplace());
	}

	@Override
	public @Nullable Void visit(CreatePolicy create) {
		return dropOfTable(ObjectKind.POLICY, create.name(), create.table(), false);
	}

	@Override
	public @Nullable Void visit(CreateRule create) {
		return dropOfTable(ObjectKind.RULE, create.name(), create.table(), create.orReplace());
	}

	private @Nullable Void dropOfTable(ObjectKind kind, String name, QualifiedName table, boolean maybe) {
		ObjectName object = new ObjectName(new QualifiedName(null, name), table, null);
		return add(table, table.schema() == null, maybe ? null : "DROP " + kind.sql() + " " + object.sql() + ";");
	}

	@Override
	public @Nullable Void visit(CreateStatistics create) {
		return drop(ObjectKind.STATISTICS, (create.name() != null) ? ObjectName.of(create.name()) : null,
				create.ifNotExists());
	}

	@Override
	public @Nullable Void visit(CreatePublication create) {
		return drop(ObjectKind.PUBLICATION, create.name(), false);
	}

	@Override
	public @Nullable Void visit(CreateExtension create) {
		return drop(ObjectKind.EXTENSION, create.name(), create.ifNotExists());
	}

	@Override
	public @Nullable Void visit(CreateSchema create) {
		return create.elements().isEmpty() ? drop(ObjectKind.SCHEMA, create.name(), create.ifNotExists())
				: unknown(null);
	}

	@Override
	public @Nullable Void visit(CreateEventTrigger create) {
		return drop(ObjectKind.EVENT_TRIGGER, create.name(), false);
	}

	@Override
	public @Nullable Void visit(CreateDatabase create) {
		return drop(ObjectKind.DATABASE, create.name(), false);
	}

	@Override
	public @Nullable Void visit(CreateObject create) {
		return NAMED.contains(create.kind())
				? drop(create.kind(), create.name(), create.orReplace() || create.ifNotExists()) : unknown(null);
	}

	@Override
	public @Nullable Void visit(AlterTable alter) {
		alter.actions().forEach((action) -> action.accept(new Action(alter)));
		return null;
	}

	@Override
	public @Nullable Void visit(AlterType alter) {
		for (TypeAction action : alter.actions()) {
			if (action instanceof TypeAction.RenameValue rename) {
				renamePart(ObjectKind.TYPE, alter.name(), "VALUE", StringLiteral.quote(rename.to()),
						StringLiteral.quote(rename.from()));
			}
			else if (action instanceof TypeAction.RenameAttribute rename) {
				renamePart(ObjectKind.TYPE, alter.name(), "ATTRIBUTE", Identifiers.quote(rename.to()),
						Identifiers.quote(rename.attribute()));
			}
			else {
				unknown(null);
			}
		}
		return null;
	}

	@Override
	public @Nullable Void visit(AlterDomain alter) {
		if (alter.action() instanceof DomainAction.RenameConstraint rename) {
			return renamePart(ObjectKind.DOMAIN, alter.name(), "CONSTRAINT", Identifiers.quote(rename.to()),
					Identifiers.quote(rename.name()));
		}
		return unknown(null);
	}

	private @Nullable Void renamePart(ObjectKind kind, QualifiedName name, String part, String now, String before) {
		return add(null, name.schema() == null,
				"ALTER " + kind.sql() + " " + name.quoted() + " RENAME " + part + " " + now + " TO " + before + ";");
	}

	@Override
	public @Nullable Void visit(AlterObject alter) {
		ObjectName name = alter.name();
		if (name == null) {
			return unknown(null);
		}
		if (alter.action() instanceof ObjectAction.Rename rename) {
			return rename(alter.kind(), name, rename.to());
		}
		return (alter.action() instanceof ObjectAction.SetSchema set) ? setSchema(alter.kind(), name, set.schema())
				: unknown(null);
	}

	private @Nullable Void rename(ObjectKind kind, ObjectName name, String to) {
		ObjectName renamed = new ObjectName(new QualifiedName(name.name().schema(), to), name.table(),
				name.arguments());
		return add(null, name.name().schema() == null && kind.isInSchema(), "ALTER " + kind.sql() + " " + renamed.sql()
				+ " RENAME TO " + Identifiers.quote(name.name().name()) + ";");
	}

	private @Nullable Void setSchema(ObjectKind kind, ObjectName name, String schema) {
		String before = name.name().schema();
		if (before == null) {
			return unknown(null);
		}
		ObjectName moved = new ObjectName(new QualifiedName(schema, name.name().name()), name.table(),
				name.arguments());
		return add(null, true,
				"ALTER " + kind.sql() + " " + moved.sql() + " SET SCHEMA " + Identifiers.quote(before) + ";");
	}

	@Override
	public @Nullable Void visit(Grant grant) {
		return grant.grant()
				? add(null, true, "REVOKE " + grant.what() + " FROM " + String.join(", ", grant.roles()) + ";")
				: unknown(null);
	}

	@Override
	public @Nullable Void visit(GrantRole grant) {
		return grant.grant() ? add(null, true,
				"REVOKE " + String.join(", ", grant.granted()) + " FROM " + String.join(", ", grant.members()) + ";")
				: unknown(null);
	}

	@Override
	public @Nullable Void visit(Comment comment) {
		ObjectName name = comment.name();
		boolean ofTable = name != null && (comment.kind() == ObjectKind.TABLE || comment.kind() == ObjectKind.COLUMN);
		return unknown(ofTable ? ((name.table() != null) ? name.table() : name.name()) : null);
	}

	@Override
	public @Nullable Void visit(Rows rows) {
		for (RowChange change : rows.changes()) {
			boolean goesWithTable = change instanceof RowChange.Insert || change instanceof RowChange.Update;
			unknown(goesWithTable ? change.table() : null);
		}
		boolean reads = rows.changes().isEmpty();
		// What a command on rows calls besides is a matter of its rows.
		return (reads && !rows.functions().isEmpty()) ? unknown(null) : null;
	}

	@Override
	public @Nullable Void visit(Copy copy) {
		if (copy.query() != null) {
			return copy.query().accept(this);
		}
		return copy.from() ? unknown(copy.table()) : null;
	}

	@Override
	public @Nullable Void visit(DeclareCursor declare) {
		return declare.query().accept(this);
	}

	@Override
	public @Nullable Void visit(Explain explain) {
		return explain.analyze() ? explain.statement().accept(this) : null;
	}

	@Override
	public @Nullable Void visit(Analyze nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(Checkpoint nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(Cluster nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(Deallocate nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(LockTable nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(Notification nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(Prepare nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(RefreshMaterializedView nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(Reindex nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(Savepoint nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(SetConstraints nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(SetParameter nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(SetTransaction nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(Show nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(UseCursor nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(Vacuum nothingToUndo) {
		return null;
	}

	@Override
	public @Nullable Void visit(Discard discard) {
		return discard.what().equals("ALL") ? unknown(null) : null;
	}

	/** What takes back one thing that was done to a relation. */
	private final class Action implements TableActionVisitor<@Nullable Void> {

		private final AlterTable alter;

		private final QualifiedName table;

		Action(AlterTable alter) {
			this.alter = alter;
			this.table = alter.name();
		}

		@Override
		public @Nullable Void other(TableAction action) {
			return unknown(null);
		}

		private @Nullable Void ofTable(@Nullable String action) {
			boolean table = this.alter.kind() == ObjectKind.TABLE || this.alter.kind() == ObjectKind.FOREIGN_TABLE;
			if (!table) {
				return unknown(null);
			}
			return add(this.table, this.table.schema() == null, (action != null) ? alter(action) : null);
		}

		private String alter(String action) {
			return "ALTER TABLE " + this.table.quoted() + " " + action + ";";
		}

		@Override
		public @Nullable Void visit(TableAction.AddColumn add) {
			return ofTable(add.ifNotExists() ? null : "DROP COLUMN " + Identifiers.quote(add.column().name()));
		}

		@Override
		public @Nullable Void visit(TableAction.SetNotNull set) {
			return ofTable("ALTER COLUMN " + Identifiers.quote(set.column()) + " DROP NOT NULL");
		}

		@Override
		public @Nullable Void visit(TableAction.DropNotNull drop) {
			return ofTable("ALTER COLUMN " + Identifiers.quote(drop.column()) + " SET NOT NULL");
		}

		/** An index that became the constraint's goes with it, and none comes back. */
		@Override
		public @Nullable Void visit(TableAction.AddConstraint add) {
			String index = add.constraint().index();
			String name = (add.constraint().name() != null) ? add.constraint().name() : index;
			StatementInverse.this.inverse.add(StatementInverse.this.sql, this.table, this.table.schema() == null,
					() -> {
						boolean restored = index == null
								|| StatementInverse.this.inverse.isTaken(new QualifiedName(this.table.schema(), index));
						return (name != null && restored) ? alter("DROP CONSTRAINT " + Identifiers.quote(name)) : null;
					});
			return null;
		}

		@Override
		public @Nullable Void visit(TableAction.AttachPartition attach) {
			Inverse all = StatementInverse.this.inverse;
			if (this.alter.kind() == ObjectKind.INDEX) {
				all.add(StatementInverse.this.sql, null, true, () -> {
					boolean dropped = all.isCreated(this.table);
					return (all.isTaken(attach.partition()) && dropped) ? "" : null;
				});
				return null;
			}
			return add(null, true, alter("DETACH PARTITION " + attach.partition().quoted()));
		}

		@Override
		public @Nullable Void visit(TableAction.Inherit inherit) {
			return inherit.inherit() ? ofTable("NO INHERIT " + inherit.parent().quoted()) : unknown(null);
		}

		@Override
		public @Nullable Void visit(TableAction.RowSecurity security) {
			String switched = security.forced() ? (security.on() ? "NO FORCE" : "FORCE")
					: (security.on() ? "DISABLE" : "ENABLE");
			return ofTable(switched + " ROW LEVEL SECURITY");
		}

		@Override
		public @Nullable Void visit(TableAction.RenameColumn rename) {
			return renamePart(this.alter.kind(), this.table, "COLUMN", Identifiers.quote(rename.to()),
					Identifiers.quote(rename.column()));
		}

		@Override
		public @Nullable Void visit(TableAction.RenameConstraint rename) {
			return renamePart(this.alter.kind(), this.table, "CONSTRAINT", Identifiers.quote(rename.to()),
					Identifiers.quote(rename.name()));
		}

		@Override
		public @Nullable Void visit(TableAction.Rename rename) {
			return StatementInverse.this.rename(this.alter.kind(), ObjectName.of(this.table), rename.to());
		}

		@Override
		public @Nullable Void visit(TableAction.SetSchema set) {
			return StatementInverse.this.setSchema(this.alter.kind(), ObjectName.of(this.table), set.schema());
		}

	}

}
