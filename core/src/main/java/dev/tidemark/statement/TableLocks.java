package dev.tidemark.statement;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.TableAction.DetachPartition.Mode;
import dev.tidemark.statement.TableConstraint.Kind;

/**
 * Tells what {@code ALTER TABLE} locks; used once. An action returns how far the lock on
 * the table itself reaches, and notes what is locked besides.
 */
final class TableLocks implements TableActionVisitor<Reach> {

	/** Since then constraints of all kinds lock children as strongly as their table. */
	private static final int EIGHTEEN = 18;

	/** Since then sequences are logged or not as their table is. */
	private static final int LOGS_SEQUENCES = 15;

	/** Since then foreign keys of others come to hold for a new partition at once. */
	static final int KEYS_OF_OTHERS = 15;

	private final AlterTable statement;

	private final int version;

	private final List<NamedLock> others = new ArrayList<>();

	private TableLocks(AlterTable statement, int version) {
		this.statement = statement;
		this.version = version;
	}

	static StatementLocks of(AlterTable statement, int version) {
		return new TableLocks(statement, version).read();
	}

	private StatementLocks read() {
		LockMode mode = LockMode.SHARE_UPDATE_EXCLUSIVE;
		Reach reach = Reach.RELATION;
		for (TableAction action : this.statement.actions()) {
			mode = mode.strongest(lock(action));
			Reach further = action.accept(this);
			reach = (further.compareTo(reach) > 0) ? further : reach;
		}
		boolean alone = this.statement.only() || this.statement.kind() == ObjectKind.INDEX;
		this.others.add(0, NamedLock.of(this.statement.name(), mode, alone ? Reach.RELATION : reach));
		return new StatementLocks(this.others, true);
	}

	private LockMode lock(TableAction action) {
		return (action instanceof TableAction.Rename && this.statement.kind() == ObjectKind.INDEX)
				? LockMode.SHARE_UPDATE_EXCLUSIVE : action.lock();
	}

	@Override
	public Reach other(TableAction action) {
		return Reach.RELATION;
	}

	@Override
	public Reach visit(TableAction.AddColumn action) {
		constraints(action.column().constraints());
		return Reach.CHILDREN;
	}

	@Override
	public Reach visit(TableAction.DropColumn action) {
		column(action.column(), LockMode.ACCESS_EXCLUSIVE, Reach.DEPENDANTS);
		return Reach.CHILDREN;
	}

	@Override
	public Reach visit(TableAction.AlterColumnType action) {
		column(action.column(), LockMode.ACCESS_EXCLUSIVE, Reach.KEYS);
		column(action.column(), LockMode.SHARE_ROW_EXCLUSIVE, Reach.SEQUENCES);
		return Reach.CHILDREN;
	}

	@Override
	public Reach visit(TableAction.SetDefault action) {
		return Reach.CHILDREN;
	}

	@Override
	public Reach visit(TableAction.DropDefault action) {
		return Reach.CHILDREN;
	}

	@Override
	public Reach visit(TableAction.SetNotNull action) {
		return Reach.CHILDREN;
	}

	@Override
	public Reach visit(TableAction.DropNotNull action) {
		return Reach.CHILDREN;
	}

	@Override
	public Reach visit(TableAction.SetExpression action) {
		return Reach.CHILDREN;
	}

	@Override
	public Reach visit(TableAction.DropExpression action) {
		return Reach.CHILDREN;
	}

	@Override
	public Reach visit(TableAction.AddIdentity action) {
		return Reach.PARTITIONS;
	}

	@Override
	public Reach visit(TableAction.SetIdentity action) {
		column(action.column(), LockMode.SHARE_ROW_EXCLUSIVE, Reach.SEQUENCES);
		return Reach.PARTITIONS;
	}

	@Override
	public Reach visit(TableAction.DropIdentity action) {
		column(action.column(), LockMode.ACCESS_EXCLUSIVE, Reach.SEQUENCES);
		return Reach.PARTITIONS;
	}

	@Override
	public Reach visit(TableAction.SetStatistics action) {
		return Reach.CHILDREN;
	}

	@Override
	public Reach visit(TableAction.SetStorage action) {
		return Reach.CHILDREN;
	}

	@Override
	public Reach visit(TableAction.AddConstraint action) {
		return constraints(List.of(action.constraint()));
	}

	@Override
	public Reach visit(TableAction.AlterConstraint action) {
		if (action.enforced() != null) {
			constraint(action.name(), LockMode.SHARE_ROW_EXCLUSIVE, Reach.REFERRED);
		}
		return Reach.PARTITIONS;
	}

	@Override
	public Reach visit(TableAction.ValidateConstraint action) {
		return Reach.CHILDREN;
	}

	@Override
	public Reach visit(TableAction.DropConstraint action) {
		constraint(action.name(), LockMode.ACCESS_EXCLUSIVE, Reach.DEPENDANTS);
		return Reach.CHILDREN;
	}

	@Override
	public Reach visit(TableAction.SwitchTrigger action) {
		return Reach.PARTITIONS;
	}

	@Override
	public Reach visit(TableAction.SetLogged action) {
		if (this.version >= LOGS_SEQUENCES) {
			table(this.statement.name(), LockMode.ACCESS_EXCLUSIVE, Reach.SEQUENCES);
		}
		return Reach.RELATION;
	}

	@Override
	public Reach visit(TableAction.ChangeOwner action) {
		table(this.statement.name(), LockMode.ACCESS_EXCLUSIVE, Reach.SEQUENCES);
		return Reach.RELATION;
	}

	@Override
	public Reach visit(TableAction.SetSchema action) {
		table(this.statement.name(), LockMode.ACCESS_EXCLUSIVE, Reach.SEQUENCES);
		return Reach.RELATION;
	}

	@Override
	public Reach visit(TableAction.Inherit action) {
		if (action.inherit()) {
			table(action.parent(), LockMode.SHARE_UPDATE_EXCLUSIVE, Reach.RELATION);
		}
		return Reach.CHILDREN;
	}

	@Override
	public Reach visit(TableAction.AttachPartition action) {
		table(action.partition(), LockMode.ACCESS_EXCLUSIVE, Reach.CHILDREN);
		if (this.statement.kind() != ObjectKind.INDEX) {
			this.others.addAll(ofNewPartition(this.statement.name(), this.version));
		}
		return Reach.RELATION;
	}

	/** What a table that gets a partition locks besides itself. */
	static List<NamedLock> ofNewPartition(QualifiedName table, int version) {
		List<NamedLock> locks = new ArrayList<>();
		locks.add(NamedLock.of(table, LockMode.ACCESS_EXCLUSIVE, Reach.DEFAULT_PARTITION));
		locks.add(NamedLock.of(table, LockMode.SHARE_ROW_EXCLUSIVE, Reach.REFERRED));
		if (version >= KEYS_OF_OTHERS) {
			locks.add(NamedLock.of(table, LockMode.SHARE_ROW_EXCLUSIVE, Reach.REFERRERS));
		}
		return locks;
	}

	@Override
	public Reach visit(TableAction.DetachPartition action) {
		if (action.mode() == Mode.CONCURRENTLY) {
			table(action.partition(), LockMode.SHARE_UPDATE_EXCLUSIVE, Reach.RELATION);
			return Reach.RELATION;
		}
		table(action.partition(), LockMode.ACCESS_EXCLUSIVE, Reach.CHILDREN);
		if (action.mode() == Mode.AT_ONCE) {
			table(action.partition(), LockMode.ACCESS_EXCLUSIVE, Reach.PARENT);
		}
		table(action.partition(), LockMode.SHARE_ROW_EXCLUSIVE, Reach.REFERRED);
		return Reach.RELATION;
	}

	@Override
	public Reach visit(TableAction.MergePartitions action) {
		action.partitions().forEach((partition) -> table(partition, LockMode.ACCESS_EXCLUSIVE, Reach.DEPENDANTS));
		return Reach.RELATION;
	}

	@Override
	public Reach visit(TableAction.SplitPartition action) {
		table(action.partition(), LockMode.ACCESS_EXCLUSIVE, Reach.DEPENDANTS);
		return Reach.RELATION;
	}

	@Override
	public Reach visit(TableAction.RenameColumn action) {
		return Reach.CHILDREN;
	}

	private Reach constraints(List<TableConstraint> constraints) {
		Reach reach = Reach.RELATION;
		for (TableConstraint constraint : constraints) {
			if (constraint.references() != null) {
				table(constraint.references(), LockMode.SHARE_ROW_EXCLUSIVE, Reach.CHILDREN);
			}
			Reach further = reach(constraint);
			reach = (further.compareTo(reach) > 0) ? further : reach;
		}
		return reach;
	}

	/** Before 18, an index of a partition was made under the lock of any other. */
	private Reach reach(TableConstraint constraint) {
		Kind kind = constraint.kind();
		if (constraint.noInherit() && this.version < EIGHTEEN) {
			return Reach.RELATION;
		}
		if (this.version >= EIGHTEEN || kind == Kind.CHECK || kind == Kind.NOT_NULL || kind == Kind.PRIMARY_KEY) {
			return Reach.CHILDREN;
		}
		if (kind == Kind.FOREIGN_KEY) {
			return Reach.PARTITIONS;
		}
		table(this.statement.name(), LockMode.SHARE, Reach.PARTITIONS);
		return Reach.RELATION;
	}

	private void table(QualifiedName name, LockMode mode, Reach reach) {
		this.others.add(NamedLock.of(name, mode, reach));
	}

	private void column(String column, LockMode mode, Reach reach) {
		this.others.add(NamedLock.ofColumn(this.statement.name(), column, mode, reach));
	}

	private void constraint(@Nullable String constraint, LockMode mode, Reach reach) {
		this.others.add(new NamedLock(ObjectKind.CONSTRAINT, this.statement.name(), constraint, mode, reach));
	}

}
