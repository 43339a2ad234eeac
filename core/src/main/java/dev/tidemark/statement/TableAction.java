package dev.tidemark.statement;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * One thing that {@code ALTER TABLE} does, which may do several at once.
 *
 * @since 0.1.0
 */
public sealed interface TableAction {

	/**
	 * Call the method of a visitor that is for this kind of action.
	 * @param <R> what the visitor returns
	 * @param visitor the visitor
	 * @return what the visitor returned
	 */
	<R extends @Nullable Object> R accept(TableActionVisitor<R> visitor);

	/**
	 * Return how strongly the relation is locked, as the server decides it
	 * ({@code AlterTableGetLockLevel} in its {@code tablecmds.c}).
	 * @return the mode, for a table; other relations may need less
	 */
	default LockMode lock() {
		return LockMode.ACCESS_EXCLUSIVE;
	}

	/**
	 * Return whether the server refuses it in a transaction block.
	 * @return {@code true} for what commits in between
	 */
	default boolean isForbiddenInTransaction() {
		return false;
	}

	/**
	 * When triggers and rules fire.
	 *
	 * @since 0.1.0
	 */
	enum Firing {

		/** Where the session is an ordinary one. */
		ORIGIN,

		/** Where the session applies what was replicated. */
		REPLICA,

		/** Always. */
		ALWAYS,

		/** Never. */
		DISABLED

	}

	/**
	 * The table gets a column.
	 *
	 * @param column the column
	 * @param ifNotExists whether an existing one of that name is accepted
	 * @since 0.1.0
	 */
	record AddColumn(ColumnDefinition column, boolean ifNotExists) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * The table loses a column.
	 *
	 * @param column the column
	 * @param ifExists whether it may be missing
	 * @param cascade whether all that depends on it is dropped too
	 * @since 0.1.0
	 */
	record DropColumn(String column, boolean ifExists, boolean cascade) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * A column gets another type.
	 *
	 * @param column the column
	 * @param type the new type
	 * @param collation the new collation, or {@code null} if the statement names none
	 * @param using what makes the new values, or {@code null} for the cast
	 * @since 0.1.0
	 */
	record AlterColumnType(String column, TypeName type, @Nullable QualifiedName collation,
			@Nullable Expression using) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * A column gets another default.
	 *
	 * @param column the column
	 * @param value the default
	 * @since 0.1.0
	 */
	record SetDefault(String column, Expression value) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * A column has no default any more.
	 *
	 * @param column the column
	 * @since 0.1.0
	 */
	record DropDefault(String column) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * A column may not be null any more.
	 *
	 * @param column the column
	 * @since 0.1.0
	 */
	record SetNotNull(String column) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * A column may be null again.
	 *
	 * @param column the column
	 * @since 0.1.0
	 */
	record DropNotNull(String column) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * A generated column gets another expression.
	 *
	 * @param column the column
	 * @param value the expression
	 * @since 0.1.0
	 */
	record SetExpression(String column, Expression value) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * A generated column becomes an ordinary one.
	 *
	 * @param column the column
	 * @param ifExists whether it may be an ordinary one
	 * @since 0.1.0
	 */
	record DropExpression(String column, boolean ifExists) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * A column is numbered by the server from now on.
	 *
	 * @param column the column
	 * @param always whether values of others are refused
	 * @since 0.1.0
	 */
	record AddIdentity(String column, boolean always) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * The numbering of a column is changed.
	 *
	 * @param column the column
	 * @param options what its sequence is told
	 * @since 0.1.0
	 */
	record SetIdentity(String column, SequenceOptions options) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * A column is not numbered any more.
	 *
	 * @param column the column
	 * @param ifExists whether it may not be numbered
	 * @since 0.1.0
	 */
	record DropIdentity(String column, boolean ifExists) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * More or less is remembered about the values of a column.
	 *
	 * @param column the column, by its name; for an index by its number
	 * @since 0.1.0
	 */
	record SetStatistics(String column) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

		@Override
		public LockMode lock() {
			return LockMode.SHARE_UPDATE_EXCLUSIVE;
		}

	}

	/**
	 * Options of a column are set or reset.
	 *
	 * @param column the column
	 * @param reset whether they are reset
	 * @since 0.1.0
	 */
	record SetColumnOptions(String column, boolean reset) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

		@Override
		public LockMode lock() {
			return LockMode.SHARE_UPDATE_EXCLUSIVE;
		}

	}

	/**
	 * Values of a column are stored in another way from now on.
	 *
	 * @param column the column
	 * @since 0.1.0
	 */
	record SetStorage(String column) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * Values of a column are compressed in another way from now on.
	 *
	 * @param column the column
	 * @since 0.1.0
	 */
	record SetCompression(String column) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * The table gets a constraint.
	 *
	 * @param constraint the constraint
	 * @since 0.1.0
	 */
	record AddConstraint(TableConstraint constraint) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

		@Override
		public LockMode lock() {
			return (this.constraint.kind() == TableConstraint.Kind.FOREIGN_KEY) ? LockMode.SHARE_ROW_EXCLUSIVE
					: LockMode.ACCESS_EXCLUSIVE;
		}

	}

	/**
	 * A constraint is checked at another time, or is enforced or inherited or not any
	 * more.
	 *
	 * @param name the constraint
	 * @param enforced whether it is enforced, or {@code null} if the statement does not
	 * say
	 * @since 0.1.0
	 */
	record AlterConstraint(String name, @Nullable Boolean enforced) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * Existing rows are checked against a constraint.
	 *
	 * @param name the constraint
	 * @since 0.1.0
	 */
	record ValidateConstraint(String name) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

		@Override
		public LockMode lock() {
			return LockMode.SHARE_UPDATE_EXCLUSIVE;
		}

	}

	/**
	 * The table loses a constraint.
	 *
	 * @param name the constraint
	 * @param ifExists whether it may be missing
	 * @param cascade whether all that depends on it is dropped too
	 * @since 0.1.0
	 */
	record DropConstraint(String name, boolean ifExists, boolean cascade) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * Triggers are switched on or off.
	 *
	 * @param name the trigger, or {@code null} for {@code ALL} and {@code USER}
	 * @param firing when they fire
	 * @since 0.1.0
	 */
	record SwitchTrigger(@Nullable String name, Firing firing) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

		@Override
		public LockMode lock() {
			return LockMode.SHARE_ROW_EXCLUSIVE;
		}

	}

	/**
	 * A rewrite rule is switched on or off.
	 *
	 * @param name the rule
	 * @param firing when it fires
	 * @since 0.1.0
	 */
	record SwitchRule(String name, Firing firing) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * Row security is switched.
	 *
	 * @param forced whether it is about the owner of the table
	 * @param on whether it is on now
	 * @since 0.1.0
	 */
	record RowSecurity(boolean forced, boolean on) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * An index is noted for {@code CLUSTER}.
	 *
	 * @param index the index, or {@code null} for none
	 * @since 0.1.0
	 */
	record ClusterOn(@Nullable String index) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

		@Override
		public LockMode lock() {
			return LockMode.SHARE_UPDATE_EXCLUSIVE;
		}

	}

	/**
	 * Nothing, since PostgreSQL 12.
	 *
	 * @since 0.1.0
	 */
	record SetWithoutOids() implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * Rows are stored in another way.
	 *
	 * @param method the access method, or {@code null} for the default
	 * @since 0.1.0
	 */
	record SetAccessMethod(@Nullable String method) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * The table moves to another tablespace.
	 *
	 * @param tablespace the tablespace
	 * @since 0.1.0
	 */
	record SetTablespace(String tablespace) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * Whether a crash is survived is changed.
	 *
	 * @param logged whether it is from now on
	 * @since 0.1.0
	 */
	record SetLogged(boolean logged) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * Storage parameters or options are set or reset.
	 *
	 * @param names their names in lower case
	 * @param reset whether they are reset
	 * @since 0.1.0
	 */
	record SetOptions(Set<String> names, boolean reset) implements TableAction {

		/** Copies what it is given. */
		public SetOptions {
			names = Set.copyOf(names);
		}

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

		@Override
		public LockMode lock() {
			return StorageParameters.lock(this.names);
		}

	}

	/**
	 * The table becomes a child of another one, or is none any more.
	 *
	 * @param parent the other one
	 * @param inherit whether it becomes one
	 * @since 0.1.0
	 */
	record Inherit(QualifiedName parent, boolean inherit) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * The table gets the structure of a type, or is independent of it.
	 *
	 * @param type the type, or {@code null} if it is independent
	 * @since 0.1.0
	 */
	record OfType(@Nullable QualifiedName type) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * Somebody else owns it.
	 *
	 * @param role the role as SQL
	 * @since 0.1.0
	 */
	record ChangeOwner(String role) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * By which columns replication finds rows is changed.
	 *
	 * @param index the index, or {@code null} for the default, all columns or nothing
	 * @since 0.1.0
	 */
	record ReplicaIdentity(@Nullable String index) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * A table becomes a partition; or an index a part of that of a partitioned table.
	 *
	 * @param partition the partition or the part
	 * @param isDefault whether it takes all rows that no other takes
	 * @since 0.1.0
	 */
	record AttachPartition(QualifiedName partition, boolean isDefault) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

		@Override
		public LockMode lock() {
			return LockMode.SHARE_UPDATE_EXCLUSIVE;
		}

	}

	/**
	 * A partition becomes a table of its own.
	 *
	 * @param partition the partition
	 * @param mode how it is detached
	 * @since 0.1.0
	 */
	record DetachPartition(QualifiedName partition, Mode mode) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

		@Override
		public LockMode lock() {
			return (this.mode == Mode.AT_ONCE) ? LockMode.ACCESS_EXCLUSIVE : LockMode.SHARE_UPDATE_EXCLUSIVE;
		}

		@Override
		public boolean isForbiddenInTransaction() {
			return this.mode == Mode.CONCURRENTLY;
		}

		/**
		 * How a partition is detached.
		 *
		 * @since 0.1.0
		 */
		public enum Mode {

			/** In one transaction. */
			AT_ONCE,

			/** In two transactions, {@code CONCURRENTLY}. */
			CONCURRENTLY,

			/** The second one of two transactions, {@code FINALIZE}. */
			FINALIZE

		}

	}

	/**
	 * Partitions become one, as some builds of PostgreSQL 19 had it before its release.
	 *
	 * @param partitions the partitions
	 * @param into the one
	 * @since 0.1.0
	 */
	record MergePartitions(List<QualifiedName> partitions, QualifiedName into) implements TableAction {

		/** Copies what it is given. */
		public MergePartitions {
			partitions = List.copyOf(partitions);
		}

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * A partition becomes several, as some builds of PostgreSQL 19 had it before its
	 * release.
	 *
	 * @param partition the partition
	 * @param into the several
	 * @since 0.1.0
	 */
	record SplitPartition(QualifiedName partition, List<QualifiedName> into) implements TableAction {

		/** Copies what it is given. */
		public SplitPartition {
			into = List.copyOf(into);
		}

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * A column gets another name.
	 *
	 * @param column the column
	 * @param to its new name
	 * @since 0.1.0
	 */
	record RenameColumn(String column, String to) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * A constraint gets another name.
	 *
	 * @param name the constraint
	 * @param to its new name
	 * @since 0.1.0
	 */
	record RenameConstraint(String name, String to) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * It gets another name.
	 *
	 * @param to its new name
	 * @since 0.1.0
	 */
	record Rename(String to) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * It moves to another schema.
	 *
	 * @param schema the schema
	 * @since 0.1.0
	 */
	record SetSchema(String schema) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * Options of a foreign table, or of a column of it, are changed.
	 *
	 * @param column the column, or {@code null} for the table
	 * @since 0.1.0
	 */
	record ForeignOptions(@Nullable String column) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

	/**
	 * It goes with an extension from now on, or does not any more.
	 *
	 * @param extension the extension
	 * @param depends whether it does
	 * @since 0.1.0
	 */
	record DependOnExtension(String extension, boolean depends) implements TableAction {

		@Override
		public <R extends @Nullable Object> R accept(TableActionVisitor<R> visitor) {
			return visitor.visit(this);
		}

	}

}
