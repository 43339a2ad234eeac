package dev.tidemark.plan.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.TokenReader;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.CreateIndex;
import dev.tidemark.statement.DoBlock;
import dev.tidemark.statement.Expression;
import dev.tidemark.statement.IndexKey;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.StatementVisitor;
import dev.tidemark.statement.TableAction;
import dev.tidemark.statement.TableConstraint;

/**
 * What statements demand of the rows that are there: that a column is filled, or filled
 * in a certain way. Used once.
 */
@SuppressWarnings("NullAway") // It does not know that a type parameter may be nullable.
final class RowDemands implements StatementVisitor<@Nullable Void> {

	private final BiFunction<QualifiedName, String, @Nullable TableConstraint> constraints;

	private final List<Demand> found = new ArrayList<>();

	private RowDemands(BiFunction<QualifiedName, String, @Nullable TableConstraint> constraints) {
		this.constraints = constraints;
	}

	/**
	 * Reads what a statement demands.
	 * @param statement the statement
	 * @param constraints finds a constraint of a table by its name, as far as files tell
	 */
	static List<Demand> of(Statement statement,
			BiFunction<QualifiedName, String, @Nullable TableConstraint> constraints) {
		RowDemands demands = new RowDemands(constraints);
		statement.accept(demands);
		return demands.found;
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

	@Override
	public @Nullable Void visit(CreateIndex create) {
		if (create.unique()) {
			for (IndexKey key : create.keys()) {
				add(create.table(), key.column(), key.expression(), "makes a unique index over");
			}
		}
		return null;
	}

	@Override
	public @Nullable Void visit(AlterTable alter) {
		for (TableAction action : alter.actions()) {
			if (action instanceof TableAction.SetNotNull set) {
				add(alter.name(), set.column(), null, "sets NOT NULL on");
			}
			else if (action instanceof TableAction.AddConstraint add && add.constraint().validated()) {
				constraint(alter.name(), add.constraint(), "adds a constraint over");
			}
			else if (action instanceof TableAction.ValidateConstraint validate) {
				TableConstraint constraint = this.constraints.apply(alter.name(), validate.name());
				if (constraint != null) {
					constraint(alter.name(), constraint, "validates a constraint over");
				}
			}
		}
		return null;
	}

	private void constraint(QualifiedName table, TableConstraint constraint, String words) {
		constraint.columns().forEach((column) -> add(table, column, null, words));
		if (constraint.expression() != null) {
			add(table, null, constraint.expression(), words);
		}
	}

	private void add(QualifiedName table, @Nullable String column, @Nullable Expression expression, String words) {
		this.found.add(new Demand(table, column, (expression != null) ? expression.sql() : null, words));
	}

	/**
	 * What is demanded of the rows of a table.
	 *
	 * @param table the table
	 * @param column the column, or {@code null} if it is about an expression
	 * @param expression the expression as SQL, or {@code null} if it is about a column
	 * @param words how it is demanded, in words
	 */
	record Demand(QualifiedName table, @Nullable String column, @Nullable String expression, String words) {

		/** Returns the first of the columns that it is about, or {@code null}. */
		@Nullable String about(Set<String> columns) {
			if (this.column != null) {
				return columns.contains(this.column) ? this.column : null;
			}
			TokenReader tokens = new TokenReader(String.valueOf(this.expression), 0,
					String.valueOf(this.expression).length(), true);
			while (!tokens.isAtEnd()) {
				String name = tokens.isAtName() ? tokens.identifier() : null;
				if (name != null && columns.contains(name)) {
					return name;
				}
				if (name == null) {
					tokens.skip();
				}
			}
			return null;
		}

	}

}
