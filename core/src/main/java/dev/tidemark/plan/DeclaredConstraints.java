package dev.tidemark.plan;

import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;
import dev.tidemark.source.Sources;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.CreateTable;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.TableAction;
import dev.tidemark.statement.TableConstraint;
import dev.tidemark.statement.parse.Statements;

/**
 * What the files say of constraints. Who only names one, as to validate it, is looked up
 * here, in files that have run long ago.
 *
 * @param sources the files
 * @param scripts their content
 */
record DeclaredConstraints(Sources sources, PendingScripts scripts) {

	/** Returns the last one of that name, or {@code null} if no file of SQL has it. */
	@Nullable TableConstraint find(QualifiedName table, String name) {
		TableConstraint found = null;
		for (Migration migration : this.sources.migrations()) {
			Script script = this.scripts.peek(migration);
			if (script != null) {
				for (SqlStatement statement : script.statements()) {
					TableConstraint constraint = constraints(Statements.of(statement), table)
						.filter((one) -> name.equals(one.name()))
						.findFirst()
						.orElse(null);
					found = (constraint != null) ? constraint : found;
				}
			}
		}
		return found;
	}

	private static Stream<TableConstraint> constraints(Statement statement, QualifiedName table) {
		if (statement instanceof AlterTable alter && isSame(alter.name(), table)) {
			return alter.actions()
				.stream()
				.filter(TableAction.AddConstraint.class::isInstance)
				.map((action) -> ((TableAction.AddConstraint) action).constraint());
		}
		return (statement instanceof CreateTable create && isSame(create.name(), table)) ? create.constraints().stream()
				: Stream.empty();
	}

	private static boolean isSame(QualifiedName name, QualifiedName other) {
		return name.name().equals(other.name())
				&& (name.schema() == null || other.schema() == null || Objects.equals(name.schema(), other.schema()));
	}

}
