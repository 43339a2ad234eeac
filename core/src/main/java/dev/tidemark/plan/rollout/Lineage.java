package dev.tidemark.plan.rollout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.CreateIndex;
import dev.tidemark.statement.DoBlock;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.parse.Statements;

/**
 * Which tables are partitions of which. What is done to a partition is done to rows of
 * the tables above it.
 */
final class Lineage {

	private final Map<QualifiedName, List<QualifiedName>> ancestors = new HashMap<>();

	private Lineage() {
	}

	/** Asks for all tables that statements are about, at once. */
	static Lineage of(List<SqlStatement> statements, TableLook look) {
		Set<QualifiedName> names = new LinkedHashSet<>();
		for (SqlStatement sql : statements) {
			Statement statement = Statements.of(sql);
			add(statement, names);
			TableHarm.of(statement).forEach((harm) -> names.add(harm.table()));
			NameChanges.of(statement)
				.freed()
				.stream()
				.filter((ref) -> ref.space() == ObjectRef.Space.RELATION)
				.forEach((ref) -> names.add(new QualifiedName(ref.schema(), ref.name())));
		}
		Lineage lineage = new Lineage();
		if (!names.isEmpty()) {
			look.find(names).forEach((name, found) -> lineage.ancestors.put(name, found.ancestors()));
		}
		return lineage;
	}

	private static void add(Statement statement, Set<QualifiedName> names) {
		if (statement instanceof DoBlock block) {
			block.statements().forEach((inner) -> add(inner, names));
		}
		else if (statement instanceof AlterTable alter) {
			names.add(alter.name());
		}
		else if (statement instanceof CreateIndex create) {
			names.add(create.table());
		}
	}

	/** Returns a table, and those above it. */
	List<QualifiedName> of(QualifiedName table) {
		List<QualifiedName> line = new ArrayList<>();
		line.add(table);
		line.addAll(this.ancestors.getOrDefault(table, List.of()));
		return line;
	}

	/** Returns those above a table. */
	List<QualifiedName> above(QualifiedName table) {
		return this.ancestors.getOrDefault(table, List.of());
	}

}
