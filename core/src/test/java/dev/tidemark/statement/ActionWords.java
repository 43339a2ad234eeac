package dev.tidemark.statement;

import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/** The actions of {@code ALTER} in the words of a {@link NormalForm}. */
final class ActionWords implements TableActionVisitor<String> {

	private static String words(TableAction action, Object... details) {
		StringBuilder words = new StringBuilder(action.getClass().getSimpleName()).append(':');
		for (int i = 0; i < details.length; i++) {
			words.append((i > 0) ? ":" : "").append((details[i] != null) ? details[i] : "");
		}
		return words.toString();
	}

	private static String when(boolean is, String word) {
		return is ? " " + word : "";
	}

	@Override
	public String other(TableAction action) {
		throw new AssertionError(action);
	}

	@Override
	public String visit(TableAction.AddColumn action) {
		return words(action, NormalForm.column(action.column())) + when(action.ifNotExists(), "ifNotExists");
	}

	@Override
	public String visit(TableAction.DropColumn action) {
		return words(action, action.column()) + when(action.ifExists(), "ifExists") + when(action.cascade(), "cascade");
	}

	@Override
	public String visit(TableAction.AlterColumnType action) {
		return words(action, action.column(), NormalForm.type(action.type())) + when(action.using() != null, "using");
	}

	@Override
	public String visit(TableAction.SetDefault action) {
		return words(action, action.column());
	}

	@Override
	public String visit(TableAction.DropDefault action) {
		return words(action, action.column());
	}

	@Override
	public String visit(TableAction.SetNotNull action) {
		return words(action, action.column());
	}

	@Override
	public String visit(TableAction.DropNotNull action) {
		return words(action, action.column());
	}

	@Override
	public String visit(TableAction.SetExpression action) {
		return words(action, action.column());
	}

	@Override
	public String visit(TableAction.DropExpression action) {
		return words(action, action.column()) + when(action.ifExists(), "ifExists");
	}

	@Override
	public String visit(TableAction.AddIdentity action) {
		return words(action, action.column()) + when(action.always(), "always");
	}

	@Override
	public String visit(TableAction.SetIdentity action) {
		return words(action, action.column());
	}

	@Override
	public String visit(TableAction.DropIdentity action) {
		return words(action, action.column()) + when(action.ifExists(), "ifExists");
	}

	@Override
	public String visit(TableAction.SetStatistics action) {
		return words(action, action.column());
	}

	@Override
	public String visit(TableAction.SetColumnOptions action) {
		return (action.reset() ? "ResetColumnOptions:" : "SetColumnOptions:") + action.column();
	}

	@Override
	public String visit(TableAction.SetStorage action) {
		return words(action, action.column());
	}

	@Override
	public String visit(TableAction.SetCompression action) {
		return words(action, action.column());
	}

	@Override
	public String visit(TableAction.AddConstraint action) {
		return words(action, NormalForm.constraint(action.constraint(), false));
	}

	@Override
	public String visit(TableAction.AlterConstraint action) {
		return words(action, action.name()) + when(action.enforced() != null, "enforced=" + action.enforced());
	}

	@Override
	public String visit(TableAction.ValidateConstraint action) {
		return words(action, action.name());
	}

	@Override
	public String visit(TableAction.DropConstraint action) {
		return words(action, action.name()) + when(action.ifExists(), "ifExists") + when(action.cascade(), "cascade");
	}

	@Override
	public String visit(TableAction.SwitchTrigger action) {
		return words(action, action.name(), action.firing());
	}

	@Override
	public String visit(TableAction.SwitchRule action) {
		return words(action, action.name(), action.firing());
	}

	@Override
	public String visit(TableAction.RowSecurity action) {
		return words(action, (action.forced() ? "forced=" : "") + action.on());
	}

	@Override
	public String visit(TableAction.ClusterOn action) {
		return words(action, action.index());
	}

	@Override
	public String visit(TableAction.SetWithoutOids action) {
		return "SetWithoutOids";
	}

	@Override
	public String visit(TableAction.SetAccessMethod action) {
		return words(action, action.method());
	}

	@Override
	public String visit(TableAction.SetTablespace action) {
		return words(action, action.tablespace());
	}

	@Override
	public String visit(TableAction.SetLogged action) {
		return words(action, action.logged());
	}

	@Override
	public String visit(TableAction.SetOptions action) {
		return (action.reset() ? "ResetOptions:" : "SetOptions:") + String.join(",", new TreeSet<>(action.names()));
	}

	@Override
	public String visit(TableAction.Inherit action) {
		return words(action, NormalForm.name(action.parent()), action.inherit());
	}

	@Override
	public String visit(TableAction.OfType action) {
		return words(action, NormalForm.name(action.type()));
	}

	@Override
	public String visit(TableAction.ChangeOwner action) {
		return words(action, NormalForm.role(action.role()));
	}

	@Override
	public String visit(TableAction.ReplicaIdentity action) {
		return words(action, action.index());
	}

	@Override
	public String visit(TableAction.AttachPartition action) {
		return words(action, NormalForm.name(action.partition())) + when(action.isDefault(), "default");
	}

	@Override
	public String visit(TableAction.DetachPartition action) {
		return words(action, NormalForm.name(action.partition()))
				+ when(action.mode() != TableAction.DetachPartition.Mode.AT_ONCE, action.mode().name());
	}

	@Override
	public String visit(TableAction.RenameColumn action) {
		return words(action, action.column(), action.to());
	}

	@Override
	public String visit(TableAction.RenameConstraint action) {
		return words(action, action.name(), action.to());
	}

	@Override
	public String visit(TableAction.Rename action) {
		return words(action, action.to());
	}

	@Override
	public String visit(TableAction.SetSchema action) {
		return words(action, action.schema());
	}

	@Override
	public String visit(TableAction.ForeignOptions action) {
		return words(action, action.column());
	}

	@Override
	public String visit(TableAction.DependOnExtension action) {
		return words(action, action.extension(), action.depends());
	}

	static String words(ObjectAction action) {
		if (action instanceof ObjectAction.Rename rename) {
			return "Rename:" + rename.to();
		}
		if (action instanceof ObjectAction.SetSchema move) {
			return "SetSchema:" + move.schema();
		}
		if (action instanceof ObjectAction.ChangeOwner change) {
			return "ChangeOwner:" + NormalForm.role(change.role());
		}
		if (action instanceof ObjectAction.DependOnExtension depend) {
			return "DependOnExtension:" + depend.extension() + ":" + depend.depends();
		}
		return "Other:" + ((ObjectAction.Other) action).word();
	}

	static String words(DomainAction action) {
		String name = action.getClass().getSimpleName();
		if (action instanceof DomainAction.AddConstraint add) {
			return name + ":" + NormalForm.constraint(add.constraint(), true);
		}
		if (action instanceof DomainAction.DropConstraint drop) {
			return name + ":" + drop.name() + when(drop.ifExists(), "ifExists") + when(drop.cascade(), "cascade");
		}
		if (action instanceof DomainAction.ValidateConstraint validate) {
			return name + ":" + validate.name();
		}
		if (action instanceof DomainAction.RenameConstraint rename) {
			return name + ":" + rename.name() + ":" + rename.to();
		}
		return name;
	}

	static String words(TypeAction action) {
		if (action instanceof TypeAction.AddValue add) {
			return "AddValue:" + add.value() + when(add.ifNotExists(), "ifNotExists");
		}
		if (action instanceof TypeAction.RenameValue rename) {
			return "RenameValue:" + rename.from() + ":" + rename.to();
		}
		if (action instanceof TypeAction.AddAttribute add) {
			return "AddColumn:" + NormalForm.column(add.attribute()) + when(add.cascade(), "cascade");
		}
		if (action instanceof TypeAction.DropAttribute drop) {
			return "DropColumn:" + drop.attribute() + when(drop.ifExists(), "ifExists")
					+ when(drop.cascade(), "cascade");
		}
		if (action instanceof TypeAction.AlterAttribute alter) {
			return "AlterColumnType:" + alter.attribute() + ":" + NormalForm.type(alter.type())
					+ when(alter.cascade(), "cascade");
		}
		if (action instanceof TypeAction.RenameAttribute rename) {
			return "RenameAttribute:" + rename.attribute() + ":" + rename.to() + when(rename.cascade(), "cascade");
		}
		return "SetProperties";
	}

	static String words(RowChange change) {
		if (change instanceof RowChange.Insert insert) {
			return "Insert:" + NormalForm.name(insert.table()) + when(insert.overwrites(), "overwrites");
		}
		if (change instanceof RowChange.Update update) {
			return "Update:" + NormalForm.name(update.table()) + ":" + String.join(",", update.columns())
					+ when(update.where(), "where");
		}
		if (change instanceof RowChange.Delete delete) {
			return "Delete:" + NormalForm.name(delete.table()) + when(delete.where(), "where");
		}
		RowChange.Merge merge = (RowChange.Merge) change;
		return "Merge:" + NormalForm.name(merge.table()) + when(merge.deletes(), "deletes");
	}

}
