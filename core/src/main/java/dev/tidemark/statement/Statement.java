package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * What one statement does, as far as its text tells: nothing was looked up. It is read
 * once, by {@code Statements}.
 * <p>
 * Every kind of statement that matters for locks, rewrites, loss of data, recovery or the
 * state of the session is a record; {@link Unknown} is what was not understood, and may
 * do anything. Names are as the catalogue holds them.
 *
 * @since 0.1.0
 */
public sealed interface Statement
		permits CreateTable, CreateTableAs, CreateView, CreateIndex, CreateSequence, CreateType, CreateDomain,
		CreateRoutine, CreateTrigger, CreatePolicy, CreateRule, CreateStatistics, CreatePublication, CreateSubscription,
		CreateExtension, CreateSchema, CreateEventTrigger, CreateDatabase, CreateTablespace, CreateObject, AlterTable,
		MoveRelations, AlterType, AlterDomain, AlterSequence, AlterRoutine, AlterPolicy, AlterPublication,
		AlterSubscription, AlterExtension, AlterDatabase, AlterSystem, AlterObject, AlterDefaultPrivileges, Comment,
		Drop, DropOwned, ReassignOwned, Grant, GrantRole, Rows, Copy, Truncate, LockTable, Vacuum, Analyze, Cluster,
		Reindex, RefreshMaterializedView, Checkpoint, DoBlock, CallProcedure, Prepare, ExecutePrepared, Deallocate,
		Explain, DeclareCursor, UseCursor, Load, ImportForeignSchema, TransactionControl, Savepoint, FinishPrepared,
		SetParameter, SetTransaction, SetConstraints, Discard, Show, Notification, WaitFor, Unknown {

	/**
	 * Call the method of a visitor that is for this kind of statement.
	 * @param <R> what the visitor returns
	 * @param visitor the visitor
	 * @return what the visitor returned
	 */
	<R extends @Nullable Object> R accept(StatementVisitor<R> visitor);

	/**
	 * Return whether the statement can run inside a transaction block, as far as its text
	 * tells.
	 * <p>
	 * What takes a look into the catalogue is not seen here: {@code REINDEX} and
	 * {@code CLUSTER} of a partitioned table are refused too, {@code DROP SUBSCRIPTION}
	 * is not for one without a slot, and a procedure or {@code DO} block may end
	 * transactions itself.
	 * @return how the statement gets along with a transaction block
	 */
	default TransactionUse transactionUse() {
		return TransactionUse.ALLOWED;
	}

	/**
	 * Return whether the statement waits for transactions of others to end rather than
	 * queue in front of them, as concurrent commands do: a lock timeout would cut it off
	 * half-way and protect nobody.
	 * @return {@code true} for what runs {@code CONCURRENTLY} and in several transactions
	 */
	default boolean waitsInTurn() {
		return false;
	}

}
