package dev.tidemark.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * Tells what statements lock, as it was measured on the servers.
 */
final class LockVisitor implements StatementVisitor<StatementLocks> {

	/** What takes no lock that somebody would queue behind. */
	private static final Set<Class<? extends Statement>> WITHOUT = Set.of(AlterDatabase.class,
			AlterDefaultPrivileges.class, AlterRoutine.class, AlterSubscription.class, AlterSystem.class,
			Checkpoint.class, CreateDatabase.class, CreateDomain.class, CreateEventTrigger.class, CreateObject.class,
			CreateRoutine.class, CreateSequence.class, CreateSubscription.class, CreateTablespace.class,
			CreateType.class, Deallocate.class, DeclareCursor.class, Discard.class, FinishPrepared.class, Grant.class,
			GrantRole.class, ImportForeignSchema.class, Load.class, Notification.class, Prepare.class, Savepoint.class,
			SetConstraints.class, SetParameter.class, SetTransaction.class, Show.class, TransactionControl.class,
			UseCursor.class, WaitFor.class);

	/** Since then statistics of a parent lock its children as strongly. */
	private static final int ANALYZES_CHILDREN = 18;

	/** Since then triggers of partitions get their new name with that of the table. */
	private static final int RENAMES_TRIGGERS = 15;

	private final int version;

	LockVisitor(int version) {
		this.version = version;
	}

	@Override
	public StatementLocks other(Statement statement) {
		return WITHOUT.contains(statement.getClass()) ? StatementLocks.NONE : StatementLocks.UNKNOWN;
	}

	@Override
	public StatementLocks visit(CreateTable statement) {
		List<NamedLock> locks = new ArrayList<>();
		Stream<TableConstraint> ofColumns = statement.columns()
			.stream()
			.flatMap((column) -> column.constraints().stream());
		Stream.concat(statement.constraints().stream(), ofColumns)
			.map(TableConstraint::references)
			.filter(Objects::nonNull)
			.filter((table) -> !table.equals(statement.name()))
			.forEach((table) -> locks.add(NamedLock.of(table, LockMode.SHARE_ROW_EXCLUSIVE, Reach.CHILDREN)));
		statement.parents()
			.forEach((parent) -> locks.add(NamedLock.of(parent, LockMode.SHARE_UPDATE_EXCLUSIVE, Reach.RELATION)));
		PartitionOf partition = statement.partitionOf();
		if (partition != null) {
			locks.add(NamedLock.of(partition.parent(), LockMode.ACCESS_EXCLUSIVE, Reach.RELATION));
			locks.addAll(TableLocks.ofNewPartition(partition.parent(), this.version));
		}
		return new StatementLocks(locks, true);
	}

	@Override
	public StatementLocks visit(CreateTableAs statement) {
		return statement.withData() ? statement.query().accept(this) : StatementLocks.NONE;
	}

	@Override
	public StatementLocks visit(CreateView statement) {
		return statement.orReplace() ? exclusive(statement.name()) : StatementLocks.NONE;
	}

	@Override
	public StatementLocks visit(CreateIndex statement) {
		return StatementLocks.of(NamedLock.of(statement.table(),
				statement.concurrently() ? LockMode.SHARE_UPDATE_EXCLUSIVE : LockMode.SHARE,
				statement.only() ? Reach.RELATION : Reach.PARTITIONS));
	}

	@Override
	public StatementLocks visit(CreateTrigger statement) {
		return StatementLocks.of(NamedLock.of(statement.table(), LockMode.SHARE_ROW_EXCLUSIVE,
				statement.forEachRow() ? Reach.PARTITIONS : Reach.RELATION));
	}

	@Override
	public StatementLocks visit(CreatePolicy statement) {
		return exclusive(statement.table());
	}

	@Override
	public StatementLocks visit(CreateRule statement) {
		return exclusive(statement.table());
	}

	@Override
	public StatementLocks visit(CreateStatistics statement) {
		QualifiedName table = statement.table();
		return (table != null) ? updates(List.of(table), Reach.RELATION) : StatementLocks.UNKNOWN;
	}

	@Override
	public StatementLocks visit(CreatePublication statement) {
		return updates(statement.objects().tables(), Reach.CHILDREN);
	}

	@Override
	public StatementLocks visit(CreateSchema statement) {
		return all(statement.elements(), true);
	}

	@Override
	public StatementLocks visit(AlterTable statement) {
		return TableLocks.of(statement, this.version);
	}

	@Override
	public StatementLocks visit(AlterType statement) {
		List<NamedLock> locks = new ArrayList<>();
		for (TypeAction action : statement.actions()) {
			if (changesAttributes(action)) {
				locks.add(NamedLock.of(statement.name(), LockMode.ACCESS_EXCLUSIVE, Reach.RELATION));
			}
			if (cascades(action)) {
				locks.add(
						new NamedLock(ObjectKind.TYPE, statement.name(), null, LockMode.ACCESS_EXCLUSIVE, Reach.TYPED));
			}
		}
		return new StatementLocks(locks, true);
	}

	private static boolean changesAttributes(TypeAction action) {
		return !(action instanceof TypeAction.AddValue || action instanceof TypeAction.RenameValue
				|| action instanceof TypeAction.SetProperties);
	}

	private static boolean cascades(TypeAction action) {
		return (action instanceof TypeAction.AddAttribute add && add.cascade())
				|| (action instanceof TypeAction.DropAttribute drop && drop.cascade())
				|| (action instanceof TypeAction.AlterAttribute alter && alter.cascade())
				|| (action instanceof TypeAction.RenameAttribute rename && rename.cascade());
	}

	@Override
	public StatementLocks visit(AlterDomain statement) {
		DomainAction action = statement.action();
		boolean checks = action instanceof DomainAction.SetNotNull || action instanceof DomainAction.ValidateConstraint
				|| (action instanceof DomainAction.AddConstraint add && add.constraint().validated());
		return checks
				? StatementLocks
					.of(new NamedLock(ObjectKind.TYPE, statement.name(), null, LockMode.SHARE, Reach.DOMAIN_TABLES))
				: StatementLocks.NONE;
	}

	@Override
	public StatementLocks visit(AlterSequence statement) {
		return StatementLocks.of(NamedLock.of(statement.name(), LockMode.SHARE_ROW_EXCLUSIVE, Reach.RELATION));
	}

	@Override
	public StatementLocks visit(AlterPolicy statement) {
		return exclusive(statement.table());
	}

	@Override
	public StatementLocks visit(AlterPublication statement) {
		return updates(statement.objects().tables(), Reach.CHILDREN);
	}

	@Override
	public StatementLocks visit(AlterObject statement) {
		ObjectName name = statement.name();
		if (name == null || !isMoved(statement.action())) {
			return StatementLocks.NONE;
		}
		QualifiedName table = name.table();
		if (table != null) {
			boolean partitions = statement.kind() == ObjectKind.TRIGGER && this.version >= RENAMES_TRIGGERS;
			return StatementLocks
				.of(NamedLock.of(table, LockMode.ACCESS_EXCLUSIVE, partitions ? Reach.PARTITIONS : Reach.RELATION));
		}
		boolean relation = statement.kind().isRelation()
				|| (statement.kind() == ObjectKind.TYPE && !(statement.action() instanceof ObjectAction.SetSchema));
		return relation ? exclusive(name.name()) : StatementLocks.NONE;
	}

	private static boolean isMoved(ObjectAction action) {
		return action instanceof ObjectAction.Rename || action instanceof ObjectAction.SetSchema
				|| action instanceof ObjectAction.ChangeOwner;
	}

	@Override
	public StatementLocks visit(Comment statement) {
		ObjectName name = statement.name();
		if (name == null) {
			return StatementLocks.NONE;
		}
		QualifiedName table = name.table();
		if (statement.kind() == ObjectKind.COLUMN && table != null) {
			return updates(List.of(table), Reach.RELATION);
		}
		return statement.kind().isRelation() ? updates(List.of(name.name()), Reach.RELATION) : StatementLocks.NONE;
	}

	@Override
	public StatementLocks visit(Drop statement) {
		return DropLocks.of(statement);
	}

	/** Rows are written beside other readers and writers. */
	@Override
	public StatementLocks visit(Rows statement) {
		boolean known = statement.functions()
			.stream()
			.noneMatch((function) -> KnownFunctions.volatility(function) == Volatility.UNKNOWN);
		return known ? StatementLocks.NONE : StatementLocks.UNKNOWN;
	}

	@Override
	public StatementLocks visit(Copy statement) {
		Statement query = statement.query();
		return (query != null) ? query.accept(this) : StatementLocks.NONE;
	}

	@Override
	public StatementLocks visit(Truncate statement) {
		List<NamedLock> locks = new ArrayList<>();
		for (QualifiedName table : statement.tables()) {
			locks.add(NamedLock.of(table, LockMode.ACCESS_EXCLUSIVE,
					statement.cascade() ? Reach.REFERRING : Reach.CHILDREN));
			if (statement.restartIdentity()) {
				locks.add(NamedLock.of(table, LockMode.ACCESS_EXCLUSIVE, Reach.SEQUENCES));
			}
		}
		return new StatementLocks(locks, true);
	}

	@Override
	public StatementLocks visit(LockTable statement) {
		return locks(statement.tables(), statement.mode(), Reach.VIEWED);
	}

	@Override
	public StatementLocks visit(Vacuum statement) {
		return maintained(statement.tables(),
				statement.full() ? LockMode.ACCESS_EXCLUSIVE : LockMode.SHARE_UPDATE_EXCLUSIVE,
				statement.analyze() ? analyzed() : Reach.PARTITIONS);
	}

	@Override
	public StatementLocks visit(Analyze statement) {
		return maintained(statement.tables(), LockMode.SHARE_UPDATE_EXCLUSIVE, analyzed());
	}

	private Reach analyzed() {
		return (this.version >= ANALYZES_CHILDREN) ? Reach.CHILDREN : Reach.PARTITIONS;
	}

	@Override
	public StatementLocks visit(Cluster statement) {
		QualifiedName table = statement.table();
		LockMode mode = statement.concurrently() ? LockMode.SHARE_UPDATE_EXCLUSIVE : LockMode.ACCESS_EXCLUSIVE;
		return (table != null) ? StatementLocks.of(NamedLock.of(table, mode, Reach.PARTITIONS))
				: StatementLocks.UNKNOWN;
	}

	@Override
	public StatementLocks visit(Reindex statement) {
		LockMode table = statement.concurrently() ? LockMode.SHARE_UPDATE_EXCLUSIVE : LockMode.SHARE;
		LockMode index = statement.concurrently() ? LockMode.SHARE_UPDATE_EXCLUSIVE : LockMode.ACCESS_EXCLUSIVE;
		QualifiedName name = statement.name();
		return switch (statement.target()) {
			case INDEX -> StatementLocks.of(new NamedLock(ObjectKind.INDEX, name, null, table, Reach.TABLE),
					new NamedLock(ObjectKind.INDEX, name, null, index, Reach.CHILDREN));
			case TABLE -> reindexed(ObjectKind.TABLE, name, table, index);
			case SCHEMA -> reindexed(ObjectKind.SCHEMA, name, table, index);
			case DATABASE -> reindexed(ObjectKind.DATABASE, null, table, index);
			case SYSTEM -> StatementLocks.NONE;
		};
	}

	private static StatementLocks reindexed(ObjectKind kind, @Nullable QualifiedName name, LockMode table,
			LockMode index) {
		return StatementLocks.of(new NamedLock(kind, name, null, table, Reach.PARTITIONS),
				new NamedLock(kind, name, null, index, Reach.INDEXES));
	}

	@Override
	public StatementLocks visit(RefreshMaterializedView statement) {
		return StatementLocks.of(NamedLock.of(statement.name(),
				statement.concurrently() ? LockMode.EXCLUSIVE : LockMode.ACCESS_EXCLUSIVE, Reach.RELATION));
	}

	@Override
	public StatementLocks visit(DoBlock statement) {
		return all(statement.statements(), statement.complete());
	}

	@Override
	public StatementLocks visit(Explain statement) {
		return statement.analyze() ? statement.statement().accept(this) : StatementLocks.NONE;
	}

	private StatementLocks all(List<Statement> statements, boolean complete) {
		return StatementLocks.all(statements.stream().map((statement) -> statement.accept(this)).toList(), complete);
	}

	private static StatementLocks maintained(List<QualifiedName> tables, LockMode mode, Reach reach) {
		return tables.isEmpty() ? StatementLocks.of(new NamedLock(ObjectKind.DATABASE, null, null, mode, reach))
				: locks(tables, mode, reach);
	}

	private static StatementLocks exclusive(QualifiedName relation) {
		return locks(List.of(relation), LockMode.ACCESS_EXCLUSIVE, Reach.RELATION);
	}

	private static StatementLocks updates(List<QualifiedName> tables, Reach reach) {
		return locks(tables, LockMode.SHARE_UPDATE_EXCLUSIVE, reach);
	}

	private static StatementLocks locks(List<QualifiedName> relations, LockMode mode, Reach reach) {
		return new StatementLocks(relations.stream().map((name) -> NamedLock.of(name, mode, reach)).toList(), true);
	}

}
