package dev.tidemark.run.step.lock;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.AlterObject;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.CallProcedure;
import dev.tidemark.statement.CreateTable;
import dev.tidemark.statement.CreateTableAs;
import dev.tidemark.statement.Discard;
import dev.tidemark.statement.DoBlock;
import dev.tidemark.statement.ExecutePrepared;
import dev.tidemark.statement.ObjectAction;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.Rows;
import dev.tidemark.statement.SetParameter;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.TableAction;
import dev.tidemark.statement.Unknown;
import dev.tidemark.statement.parse.Statements;

/**
 * The tables that a run has created itself. Nobody has them long enough to be looked for,
 * so that a new database costs no look.
 */
final class OwnRelations {

	private final Set<QualifiedName> tables = new HashSet<>();

	/** Hears what is committed. */
	void add(LockNeeds needs) {
		if (isCode(needs) || needs.statements().stream().anyMatch(OwnRelations::mayRename)) {
			this.tables.clear();
			return;
		}
		if (isPlain(needs)) {
			needs.statements().stream().map(Statements::of).forEach(this::add);
		}
	}

	private static boolean isCode(LockNeeds needs) {
		return needs.extent() == LockNeeds.Extent.MIGRATION && needs.statements().isEmpty();
	}

	private void add(Statement statement) {
		if (statement instanceof CreateTable table && !table.ifNotExists()) {
			this.tables.add(table.name());
		}
		else if (statement instanceof CreateTableAs table && table.kind() == ObjectKind.TABLE && !table.ifNotExists()) {
			this.tables.add(table.name());
		}
	}

	/** Tells which names stand for one of these in what is about to run. */
	Predicate<QualifiedName> within(LockNeeds needs) {
		return (!this.tables.isEmpty() && isPlain(needs)) ? this.tables::contains : (name) -> false;
	}

	/** Whether names mean there what they mean in any other migration. */
	private static boolean isPlain(LockNeeds needs) {
		return needs.extent() == LockNeeds.Extent.MIGRATION && needs.statements()
			.stream()
			.noneMatch((statement) -> mayRename(statement) || maySetSearchPath(statement));
	}

	private static boolean maySetSearchPath(SqlStatement sql) {
		Statement statement = Statements.of(sql);
		if (statement instanceof Rows rows) {
			return !rows.functions().isEmpty();
		}
		return statement instanceof SetParameter || statement instanceof Discard || isOpaque(statement);
	}

	/** Whether it may do anything. */
	private static boolean isOpaque(Statement statement) {
		return statement instanceof DoBlock || statement instanceof CallProcedure
				|| statement instanceof ExecutePrepared || statement instanceof Unknown;
	}

	/** Another table may have the name of one of these then. */
	private static boolean mayRename(SqlStatement sql) {
		Statement statement = Statements.of(sql);
		if (statement instanceof AlterTable alter) {
			return alter.actions()
				.stream()
				.anyMatch((action) -> action instanceof TableAction.Rename || action instanceof TableAction.SetSchema);
		}
		if (statement instanceof AlterObject alter) {
			return alter.action() instanceof ObjectAction.Rename || alter.action() instanceof ObjectAction.SetSchema;
		}
		return isOpaque(statement);
	}

}
