package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * Callback interface for the kinds of {@link TableAction}. What has no method of its own
 * goes to {@link #other}, so that nothing is passed over in silence.
 *
 * @param <R> what the methods return
 * @since 0.1.0
 */
public interface TableActionVisitor<R extends @Nullable Object> {

	/**
	 * Visit an action whose kind has no method of its own.
	 * @param action the action
	 * @return any value
	 */
	R other(TableAction action);

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.AddColumn action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.DropColumn action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.AlterColumnType action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SetDefault action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.DropDefault action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SetNotNull action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.DropNotNull action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SetExpression action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.DropExpression action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.AddIdentity action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SetIdentity action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.DropIdentity action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SetStatistics action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SetColumnOptions action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SetStorage action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SetCompression action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.AddConstraint action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.AlterConstraint action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.ValidateConstraint action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.DropConstraint action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SwitchTrigger action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SwitchRule action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.RowSecurity action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.ClusterOn action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SetWithoutOids action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SetAccessMethod action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SetTablespace action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SetLogged action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SetOptions action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.Inherit action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.OfType action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.ChangeOwner action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.ReplicaIdentity action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.AttachPartition action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.DetachPartition action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.MergePartitions action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SplitPartition action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.RenameColumn action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.RenameConstraint action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.Rename action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.SetSchema action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.ForeignOptions action) {
		return other(action);
	}

	/**
	 * Visit an action.
	 * @param action the action
	 * @return any value
	 */
	default R visit(TableAction.DependOnExtension action) {
		return other(action);
	}

}
