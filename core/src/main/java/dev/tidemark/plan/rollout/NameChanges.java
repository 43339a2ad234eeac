package dev.tidemark.plan.rollout;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.plan.rollout.ObjectRef.Space;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.AlterObject;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.CreateDomain;
import dev.tidemark.statement.CreateIndex;
import dev.tidemark.statement.CreateRoutine;
import dev.tidemark.statement.CreateSchema;
import dev.tidemark.statement.CreateSequence;
import dev.tidemark.statement.CreateTable;
import dev.tidemark.statement.CreateTableAs;
import dev.tidemark.statement.CreateTrigger;
import dev.tidemark.statement.CreateType;
import dev.tidemark.statement.CreateView;
import dev.tidemark.statement.DoBlock;
import dev.tidemark.statement.Drop;
import dev.tidemark.statement.ObjectAction;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.ObjectName;
import dev.tidemark.statement.Persistence;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.StatementVisitor;
import dev.tidemark.statement.TableAction;
import dev.tidemark.statement.TableActionVisitor;

/**
 * Which names a statement gives and which it takes away. What it does besides is nothing
 * here.
 */
@SuppressWarnings("NullAway") // It does not know that a type parameter may be nullable.
final class NameChanges implements StatementVisitor<@Nullable Void> {

	private final List<ObjectRef> made = new ArrayList<>();

	private final List<ObjectRef> freed = new ArrayList<>();

	private NameChanges() {
	}

	static NameChanges of(Statement statement) {
		NameChanges changes = new NameChanges();
		statement.accept(changes);
		return changes;
	}

	/** Returns the names that are given. */
	List<ObjectRef> made() {
		return this.made;
	}

	/** Returns the names that are free afterwards. */
	List<ObjectRef> freed() {
		return this.freed;
	}

	@Override
	public @Nullable Void other(Statement statement) {
		return null;
	}

	@Override
	public @Nullable Void visit(DoBlock block) {
		block.statements().forEach((statement) -> statement.accept(this));
		return null;
	}

	/** What is temporary is gone before anything that waits. */
	@Override
	public @Nullable Void visit(CreateTable create) {
		return relation(create.name(), create.persistence() != Persistence.TEMPORARY);
	}

	@Override
	public @Nullable Void visit(CreateTableAs create) {
		return relation(create.name(), create.persistence() != Persistence.TEMPORARY);
	}

	@Override
	public @Nullable Void visit(CreateView create) {
		return relation(create.name(), !create.temporary());
	}

	@Override
	public @Nullable Void visit(CreateSequence create) {
		return relation(create.name(), create.persistence() != Persistence.TEMPORARY);
	}

	@Override
	public @Nullable Void visit(CreateType create) {
		return relation(create.name(), true);
	}

	@Override
	public @Nullable Void visit(CreateDomain create) {
		return relation(create.name(), true);
	}

	/** An index lies where its table does. */
	@Override
	public @Nullable Void visit(CreateIndex create) {
		String name = create.name();
		return (name != null) ? relation(new QualifiedName(create.table().schema(), name), true) : null;
	}

	private @Nullable Void relation(QualifiedName name, boolean lasting) {
		if (lasting) {
			this.made.add(ObjectRef.relation(name));
		}
		return null;
	}

	@Override
	public @Nullable Void visit(CreateRoutine create) {
		this.made.add(ObjectRef.routine(create.name().name(), create.name().arguments()));
		return null;
	}

	@Override
	public @Nullable Void visit(CreateTrigger create) {
		this.made.add(ObjectRef.of(create.table(), Space.TRIGGER, create.name()));
		return null;
	}

	@Override
	public @Nullable Void visit(CreateSchema create) {
		this.made.add(ObjectRef.schema(create.name()));
		create.elements().forEach((statement) -> statement.accept(this));
		return null;
	}

	@Override
	public @Nullable Void visit(Drop drop) {
		for (ObjectName name : drop.names()) {
			ObjectRef ref = ref(drop.kind(), name);
			if (ref != null) {
				this.freed.add(ref);
			}
		}
		return null;
	}

	private static @Nullable ObjectRef ref(ObjectKind kind, ObjectName name) {
		QualifiedName table = name.table();
		if (kind == ObjectKind.TRIGGER && table != null) {
			return ObjectRef.of(table, Space.TRIGGER, name.name().name());
		}
		if (kind == ObjectKind.SCHEMA) {
			return ObjectRef.schema(name.name().name());
		}
		if (kind.hasArguments()) {
			return ObjectRef.routine(name.name(), name.arguments());
		}
		boolean relation = kind.isRelation() || kind == ObjectKind.TYPE || kind == ObjectKind.DOMAIN;
		return relation ? ObjectRef.relation(name.name()) : null;
	}

	@Override
	public @Nullable Void visit(AlterObject alter) {
		ObjectRef ref = (alter.name() != null) ? ref(alter.kind(), alter.name()) : null;
		if (ref != null && alter.action() instanceof ObjectAction.Rename rename) {
			this.freed.add(ref);
			this.made.add(new ObjectRef(ref.space(), ref.schema(), ref.table(), rename.to(), ref.arguments()));
		}
		if (ref != null && alter.action() instanceof ObjectAction.SetSchema moved) {
			this.freed.add(ref);
			this.made.add(new ObjectRef(ref.space(), moved.schema(), ref.table(), ref.name(), ref.arguments()));
		}
		return null;
	}

	@Override
	public @Nullable Void visit(AlterTable alter) {
		Actions actions = new Actions(alter.name());
		alter.actions().forEach((action) -> action.accept(actions));
		return null;
	}

	/** What is done to one table. */
	private final class Actions implements TableActionVisitor<@Nullable Void> {

		private final QualifiedName table;

		Actions(QualifiedName table) {
			this.table = table;
		}

		private @Nullable Void change(@Nullable ObjectRef free, @Nullable ObjectRef make) {
			if (free != null) {
				NameChanges.this.freed.add(free);
			}
			if (make != null) {
				NameChanges.this.made.add(make);
			}
			return null;
		}

		private ObjectRef column(String name) {
			return ObjectRef.of(this.table, Space.COLUMN, name);
		}

		private ObjectRef constraint(String name) {
			return ObjectRef.of(this.table, Space.CONSTRAINT, name);
		}

		@Override
		public @Nullable Void other(TableAction action) {
			return null;
		}

		@Override
		public @Nullable Void visit(TableAction.AddColumn action) {
			return change(null, column(action.column().name()));
		}

		@Override
		public @Nullable Void visit(TableAction.DropColumn action) {
			return change(column(action.column()), null);
		}

		@Override
		public @Nullable Void visit(TableAction.RenameColumn action) {
			return change(column(action.column()), column(action.to()));
		}

		@Override
		public @Nullable Void visit(TableAction.AddConstraint action) {
			String name = action.constraint().name();
			return (name != null) ? change(null, constraint(name)) : null;
		}

		@Override
		public @Nullable Void visit(TableAction.DropConstraint action) {
			return change(constraint(action.name()), null);
		}

		@Override
		public @Nullable Void visit(TableAction.RenameConstraint action) {
			return change(constraint(action.name()), constraint(action.to()));
		}

		@Override
		public @Nullable Void visit(TableAction.Rename action) {
			return change(ObjectRef.relation(this.table), ObjectRef.relation(this.table.schema(), action.to()));
		}

		@Override
		public @Nullable Void visit(TableAction.SetSchema action) {
			return change(ObjectRef.relation(this.table), ObjectRef.relation(action.schema(), this.table.name()));
		}

	}

}
