package dev.tidemark.plan.rollout;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.plan.step.Step;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.Unknown;
import dev.tidemark.statement.parse.Statements;

/**
 * Finds backfills whose table nobody makes: neither is it there, nor do the files that
 * run before make it.
 *
 * @since 0.1.0
 */
public final class MissingTables {

	/** Whatever they do may make a table. */
	private static final Set<String> OPAQUE = Set.of("SELECT", "DO", "CALL", "IMPORT FOREIGN SCHEMA");

	private MissingTables() {
	}

	/**
	 * Find them.
	 * @param steps what will run before them
	 * @param waiting what waits
	 * @param look finds tables
	 * @return a problem for each that has not begun and cannot
	 */
	public static List<Problem> find(List<Step> steps, List<WaitingFile> waiting, TableLook look) {
		Map<QualifiedName, WaitingFile> walked = new LinkedHashMap<>();
		for (WaitingFile file : waiting) {
			if (file.table() != null && !file.begun()) {
				walked.putIfAbsent(file.table(), file);
			}
		}
		if (walked.isEmpty() || !look.isKnown() || steps.stream().anyMatch((step) -> step.migration().code() != null)) {
			return List.of();
		}
		List<ObjectRef> made = new ArrayList<>();
		List<SqlStatement> statements = new ArrayList<>();
		steps.forEach((step) -> statements.addAll(step.statements()));
		waiting.forEach((file) -> statements.addAll(file.statements()));
		for (SqlStatement sql : statements) {
			Statement statement = Statements.of(sql);
			if (statement instanceof Unknown || OPAQUE.contains(sql.command())) {
				return List.of();
			}
			made.addAll(NameChanges.of(statement).made());
		}
		walked.keySet().removeIf((table) -> made.stream().anyMatch(ObjectRef.relation(table)::isSame));
		if (!walked.isEmpty()) {
			walked.keySet().removeAll(look.find(Set.copyOf(walked.keySet())).keySet());
		}
		return walked.values().stream().map(MissingTables::problem).toList();
	}

	private static Problem problem(WaitingFile file) {
		return Problem.error(ErrorCode.BACKFILL_TABLE, Place.file(file.migration().script()),
				"The backfill walks the table " + file.table() + ", which does not exist, and which no file makes.",
				"Name a table that there is, as in: -- tidemark: batch table=users by=id; or let a file before this one"
						+ " make it.");
	}

}
