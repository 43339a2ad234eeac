package dev.tidemark.rollout.batch;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.batch.KeyRange;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.backfill.BatchStatement;
import dev.tidemark.migration.backfill.KeyChange;
import dev.tidemark.session.CommandAnswer;
import dev.tidemark.session.Pipeline;
import dev.tidemark.session.Session;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.RowChange;
import dev.tidemark.statement.Rows;
import dev.tidemark.statement.parse.Statements;

/**
 * The statements of a file, sent at once.
 *
 * @since 0.1.0
 */
public final class SqlContent implements BatchContent {

	private final String script;

	private final List<String> table;

	private final List<BatchStatement> statements;

	private final List<Boolean> countable;

	/**
	 * Takes the statements of a file.
	 * @param script the file
	 * @param table the name of the table that is walked, one or two parts
	 * @param statements the statements
	 */
	public SqlContent(String script, List<String> table, List<BatchStatement> statements) {
		this.script = script;
		this.table = List.copyOf(table);
		this.statements = List.copyOf(statements);
		this.countable = this.statements.stream().map(this::changesTable).toList();
	}

	/**
	 * Only where a statement changes rows of the table that is walked, and nothing
	 * besides, does the number of rows tell something: a row that is added elsewhere for
	 * each key is no row outside of the batch, nor are several of them.
	 */
	private boolean changesTable(BatchStatement statement) {
		return Statements.of(statement.statement()) instanceof Rows rows && rows.changes().size() == 1
				&& !(rows.changes().get(0) instanceof RowChange.Insert) && isOfTable(rows.changes().get(0));
	}

	@Override
	public Changes run(Session session, KeyRange keys) throws SQLException, BatchFailure {
		List<CommandAnswer> answers = new ArrayList<>();
		Pipeline pipeline = new Pipeline();
		try {
			for (BatchStatement statement : this.statements) {
				String sql = statement.sql(keys::condition);
				if (!pipeline.takes(sql)) {
					session.ask(pipeline.take(), answers::add);
				}
				pipeline.add(sql);
			}
			session.ask(pipeline.take(), answers::add);
		}
		catch (SQLException ex) {
			throw new BatchFailure(session.errorOf(ex, failed(answers.size()).statement()),
					BatchProblems.place(this.script, failed(answers.size()).statement()), ex);
		}
		long ofTable = 0;
		for (int i = 0; i < answers.size() && i < this.countable.size(); i++) {
			ofTable = this.countable.get(i) ? Math.max(ofTable, answers.get(i).count()) : ofTable;
		}
		return new Changes(answers.stream().mapToLong(CommandAnswer::count).sum(), ofTable);
	}

	private BatchStatement failed(int done) {
		return this.statements.get(Math.min(done, this.statements.size() - 1));
	}

	@Override
	public int statements() {
		return this.statements.size();
	}

	@Override
	public void requireKept(List<String> columns) {
		KeyChange change = new KeyChange(this.table, columns);
		for (BatchStatement statement : this.statements) {
			if (Statements.of(statement.statement()) instanceof Rows rows && change.isIn(rows)) {
				throw new TidemarkException(Problem.error(ErrorCode.BACKFILL_TABLE,
						BatchProblems.place(this.script, statement.statement()), KeyChange.WHAT, KeyChange.REMEDY));
			}
		}
	}

	/** What is deleted and added again has moved as well. */
	@Override
	public boolean mayMove() {
		List<RowChange> changes = this.statements.stream()
			.map((statement) -> Statements.of(statement.statement()))
			.filter(Rows.class::isInstance)
			.flatMap((rows) -> ((Rows) rows).changes().stream())
			.filter(this::isOfTable)
			.toList();
		return changes.stream().anyMatch(SqlContent::mayDelete) && changes.stream().anyMatch(SqlContent::mayAdd);
	}

	private static boolean mayDelete(RowChange change) {
		return change instanceof RowChange.Delete || (change instanceof RowChange.Merge merge && merge.deletes());
	}

	private static boolean mayAdd(RowChange change) {
		return change instanceof RowChange.Insert || change instanceof RowChange.Merge;
	}

	private boolean isOfTable(RowChange change) {
		QualifiedName name = change.table();
		boolean schema = name.schema() == null || this.table.size() == 1 || name.schema().equals(this.table.get(0));
		return schema && name.name().equals(this.table.get(this.table.size() - 1));
	}

	@Override
	public List<String> explain(Session session, KeyRange keys) throws SQLException {
		List<String> plans = new ArrayList<>();
		for (BatchStatement statement : this.statements) {
			List<CommandAnswer> answers = new ArrayList<>();
			session.ask(List.of("EXPLAIN " + statement.sql(keys::condition)), answers::add);
			List<@Nullable String> lines = answers.get(0).rows().stream().map((row) -> row.get(0)).toList();
			plans.add(String.join("\n", lines.stream().map(String::valueOf).toList()));
		}
		return plans;
	}

}
