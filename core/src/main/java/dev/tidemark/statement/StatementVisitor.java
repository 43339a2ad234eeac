package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * Callback interface for the kinds of {@link Statement}. What has no method of its own
 * goes to {@link #other}, so that nothing is passed over in silence.
 *
 * @param <R> what the methods return
 * @since 0.1.0
 */
public interface StatementVisitor<R extends @Nullable Object> {

	/**
	 * Visit a statement whose kind has no method of its own.
	 * @param statement the statement
	 * @return any value
	 */
	R other(Statement statement);

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateTable statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateTableAs statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateView statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateIndex statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateSequence statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateType statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateDomain statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateRoutine statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateTrigger statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreatePolicy statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateRule statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateStatistics statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreatePublication statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateSubscription statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateExtension statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateSchema statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateEventTrigger statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateDatabase statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateTablespace statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CreateObject statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(AlterTable statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(MoveRelations statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(AlterType statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(AlterDomain statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(AlterSequence statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(AlterRoutine statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(AlterPolicy statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(AlterPublication statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(AlterSubscription statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(AlterExtension statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(AlterDatabase statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(AlterSystem statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(AlterObject statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(AlterDefaultPrivileges statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Comment statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Drop statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(DropOwned statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(ReassignOwned statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Grant statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(GrantRole statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Rows statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Copy statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Truncate statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(LockTable statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Vacuum statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Analyze statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Cluster statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Reindex statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(RefreshMaterializedView statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Checkpoint statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(DoBlock statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(CallProcedure statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Prepare statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(ExecutePrepared statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Deallocate statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Explain statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(DeclareCursor statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(UseCursor statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Load statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(ImportForeignSchema statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(TransactionControl statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Savepoint statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(FinishPrepared statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(SetParameter statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(SetTransaction statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(SetConstraints statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Discard statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Show statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Notification statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(WaitFor statement) {
		return other(statement);
	}

	/**
	 * Visit a statement.
	 * @param statement the statement
	 * @return any value
	 */
	default R visit(Unknown statement) {
		return other(statement);
	}

}
