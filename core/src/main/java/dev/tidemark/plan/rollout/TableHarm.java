package dev.tidemark.plan.rollout;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.Cluster;
import dev.tidemark.statement.ColumnDefinition;
import dev.tidemark.statement.DoBlock;
import dev.tidemark.statement.Expression;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.StatementVisitor;
import dev.tidemark.statement.TableAction;
import dev.tidemark.statement.TableActionVisitor;
import dev.tidemark.statement.Truncate;
import dev.tidemark.statement.Vacuum;
import dev.tidemark.statement.Volatility;

/**
 * What a statement does to the rows of tables, so that whoever walks over them loses his
 * place or finds others than he counts on.
 */
@SuppressWarnings("NullAway") // It does not know that a type parameter may be nullable.
final class TableHarm implements StatementVisitor<@Nullable Void> {

	private final List<Harm> found = new ArrayList<>();

	private TableHarm() {
	}

	static List<Harm> of(Statement statement) {
		TableHarm harm = new TableHarm();
		statement.accept(harm);
		return harm.found;
	}

	@Override
	public @Nullable Void other(Statement statement) {
		return null;
	}

	private @Nullable Void add(QualifiedName table, @Nullable String column, Kind kind, String words) {
		this.found.add(new Harm(table, column, kind, words));
		return null;
	}

	@Override
	public @Nullable Void visit(DoBlock block) {
		block.statements().forEach((statement) -> statement.accept(this));
		return null;
	}

	@Override
	public @Nullable Void visit(Truncate truncate) {
		truncate.tables().forEach((table) -> add(table, null, Kind.ROWS, "takes the rows of " + table + " away"));
		return null;
	}

	@Override
	public @Nullable Void visit(Cluster cluster) {
		return (cluster.table() != null) ? rewrites(cluster.table()) : null;
	}

	@Override
	public @Nullable Void visit(Vacuum vacuum) {
		if (vacuum.full()) {
			vacuum.tables().forEach(this::rewrites);
		}
		return null;
	}

	private @Nullable Void rewrites(QualifiedName table) {
		return add(table, null, Kind.REWRITE, "rewrites " + table);
	}

	@Override
	public @Nullable Void visit(AlterTable alter) {
		Actions actions = new Actions(alter.name());
		alter.actions().forEach((action) -> action.accept(actions));
		return null;
	}

	/** What is harmed. */
	enum Kind {

		/** Rows are not there any more. */
		ROWS,

		/** Rows lie elsewhere. */
		REWRITE,

		/** Values have another type. */
		TYPE,

		/** A key is gone. */
		KEY

	}

	/**
	 * What is done to a table.
	 *
	 * @param table the table
	 * @param column its column or constraint, or {@code null} if it is about all of it
	 * @param kind what is harmed
	 * @param words what is done, in words
	 */
	record Harm(QualifiedName table, @Nullable String column, Kind kind, String words) {
	}

	/** What is done to one table. */
	private final class Actions implements TableActionVisitor<@Nullable Void> {

		private final QualifiedName table;

		Actions(QualifiedName table) {
			this.table = table;
		}

		@Override
		public @Nullable Void other(TableAction action) {
			return null;
		}

		@Override
		public @Nullable Void visit(TableAction.AlterColumnType action) {
			return add(this.table, action.column(), Kind.TYPE,
					"gives the column " + action.column() + " of " + this.table + " another type");
		}

		/** Each row gets a value of its own, unless one serves all of them. */
		@Override
		public @Nullable Void visit(TableAction.AddColumn action) {
			ColumnDefinition column = action.column();
			Expression value = column.defaultValue();
			boolean each = (value != null && value.volatility() == Volatility.VOLATILE)
					|| (column.generated() != null && column.generated() != ColumnDefinition.Generated.VIRTUAL);
			return each ? rewrites(this.table) : null;
		}

		@Override
		public @Nullable Void visit(TableAction.SetExpression action) {
			return rewrites(this.table);
		}

		@Override
		public @Nullable Void visit(TableAction.SetAccessMethod action) {
			return rewrites(this.table);
		}

		@Override
		public @Nullable Void visit(TableAction.SetLogged action) {
			return rewrites(this.table);
		}

		@Override
		public @Nullable Void visit(TableAction.DetachPartition action) {
			return add(this.table, null, Kind.ROWS,
					"takes the partition " + action.partition() + " away from " + this.table);
		}

		/** A name of its own does not tell that a constraint is a key. */
		@Override
		public @Nullable Void visit(TableAction.DropConstraint action) {
			return action.name().equals(this.table.name() + "_pkey")
					? add(this.table, action.name(), Kind.KEY, "drops the primary key of " + this.table) : null;
		}

	}

}
