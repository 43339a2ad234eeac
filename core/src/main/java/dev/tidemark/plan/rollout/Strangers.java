package dev.tidemark.plan.rollout;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.CreateIndex;
import dev.tidemark.statement.CreateSchema;
import dev.tidemark.statement.CreateTable;
import dev.tidemark.statement.CreateTrigger;
import dev.tidemark.statement.DoBlock;
import dev.tidemark.statement.Rows;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.Truncate;
import dev.tidemark.statement.parse.Statements;

/**
 * What a backfill or contract changes although no migration of its history has made it:
 * others live on it, however new the schema of the history is.
 *
 * @param relations the names of tables, views and sequences that it changes
 * @param schemas the schemas in which it changes something else
 * @since 0.1.0
 */
public record Strangers(Set<QualifiedName> relations, Set<String> schemas) {

	/** Copies the sets. */
	public Strangers {
		relations = Set.copyOf(relations);
		schemas = Set.copyOf(schemas);
	}

	/**
	 * Return all that a file changes and that may be a stranger.
	 * @param statements the statements of the file
	 * @param walked the table that it walks, or {@code null}
	 * @return the names
	 */
	public static Strangers of(List<SqlStatement> statements, @Nullable QualifiedName walked) {
		Set<QualifiedName> relations = new LinkedHashSet<>();
		Set<String> schemas = new LinkedHashSet<>();
		if (walked != null) {
			relations.add(walked);
		}
		for (SqlStatement sql : statements) {
			Statement statement = Statements.of(sql);
			changed(statement, relations);
			NameChanges changes = NameChanges.of(statement);
			changes.freed().forEach((ref) -> add(ref, relations, schemas));
		}
		return new Strangers(relations, schemas);
	}

	private static void changed(Statement statement, Set<QualifiedName> relations) {
		if (statement instanceof Rows rows) {
			rows.changes().forEach((change) -> relations.add(change.table()));
		}
		else if (statement instanceof DoBlock block) {
			block.statements().forEach((inner) -> changed(inner, relations));
		}
		else if (statement instanceof AlterTable alter) {
			relations.add(alter.name());
		}
		else if (statement instanceof Truncate truncate) {
			relations.addAll(truncate.tables());
		}
		else if (statement instanceof CreateIndex create) {
			relations.add(create.table());
		}
		else if (statement instanceof CreateTrigger create) {
			relations.add(create.table());
		}
		TableHarm.of(statement).forEach((harm) -> relations.add(harm.table()));
	}

	private static void add(ObjectRef ref, Set<QualifiedName> relations, Set<String> schemas) {
		String table = ref.table();
		switch (ref.space()) {
			case RELATION -> relations.add(new QualifiedName(ref.schema(), ref.name()));
			case COLUMN, CONSTRAINT, TRIGGER -> relations.add(new QualifiedName(ref.schema(), String.valueOf(table)));
			case SCHEMA -> schemas.add(ref.name());
			case ROUTINE -> {
				if (ref.schema() != null) {
					schemas.add(ref.schema());
				}
			}
		}
	}

	/**
	 * Return the first that is a stranger.
	 * @param look finds what there is
	 * @param made the statements by which files make things, of all files or of those
	 * that are applied
	 * @return it in words; empty if there is none, or nobody can be asked
	 */
	public Optional<String> first(TableLook look, Made made) {
		if (!look.isKnown()) {
			return Optional.empty();
		}
		Map<QualifiedName, FoundTable> found = this.relations.isEmpty() ? Map.of() : look.find(this.relations);
		for (QualifiedName name : this.relations) {
			FoundTable table = found.get(name);
			if (table != null && !table.own() && !isMade(name, table, made)) {
				return Optional.of(new QualifiedName(table.schema(), name.name()).toString());
			}
		}
		Set<String> filled = this.schemas.isEmpty() ? Set.of() : look.findFilled(this.schemas);
		return this.schemas.stream()
			.filter(filled::contains)
			.filter((schema) -> !made.anyApplied((statement) -> statement instanceof CreateSchema create
					&& !create.ifNotExists() && create.name().equals(schema)))
			.findFirst()
			.map((schema) -> "the schema " + schema);
	}

	/**
	 * A name without a schema is made in our own. In another one only what has run can
	 * have made what is there.
	 */
	private static boolean isMade(QualifiedName name, FoundTable found, Made made) {
		if (name.schema() == null) {
			return made.any((statement) -> NameChanges.of(statement)
				.made()
				.stream()
				.anyMatch((ref) -> ref.schema() == null && ref.isSame(ObjectRef.relation(name))));
		}
		ObjectRef there = ObjectRef.relation(found.schema(), name.name());
		return made.anyApplied((statement) -> !(statement instanceof CreateTable create && create.ifNotExists())
				&& NameChanges.of(statement).made().stream().anyMatch(there::isSame));
	}

	/**
	 * What files make.
	 *
	 * @since 0.1.0
	 */
	public interface Made {

		/**
		 * Return whether a statement of any file is like this.
		 * @param wanted what it is like
		 * @return whether there is one
		 */
		boolean any(Predicate<Statement> wanted);

		/**
		 * Return whether a statement of a file that has run is like this.
		 * @param wanted what it is like
		 * @return whether there is one
		 */
		boolean anyApplied(Predicate<Statement> wanted);

	}

}
