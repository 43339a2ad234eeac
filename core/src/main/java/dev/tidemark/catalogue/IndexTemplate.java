package dev.tidemark.catalogue;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ServerError;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.statement.CreateIndex;

/**
 * The index that a statement would make, made for real on an empty copy of the table:
 * only the server can tell what operator classes, collations, expressions and predicates
 * a text stands for. The copy and the index go with the transaction of the
 * {@link Catalogue}.
 *
 * @since 0.1.0
 */
public final class IndexTemplate {

	/**
	 * Errors that speak of the copy and not of the connection or the server; an event
	 * trigger may raise one, too.
	 */
	private static final Set<String> CLASSES = Set.of("0A", "22", "42", "P0");

	/** From this length on the server may have cut a name to add to it. */
	private static final int LONG_NAME = 60;

	private static final String COPY = "tidemark_copy";

	private final Relation table;

	private final @Nullable Index index;

	private final String problem;

	private IndexTemplate(Relation table, @Nullable Index index, String problem) {
		this.table = table;
		this.index = index;
		this.problem = problem;
	}

	public static IndexTemplate make(Catalogue catalogue, CreateIndex statement, Relation table) throws SQLException {
		List<String> problems = new ArrayList<>();
		// The first copy has the table's own name, which expressions may use. Not every
		// role may make temporary tables; where the index goes it may make tables.
		for (String copy : List.of("pg_temp." + Identifiers.quote(table.name()),
				Identifiers.quote(table.schema()) + "." + Identifiers.quote(COPY))) {
			catalogue.execute("SAVEPOINT copy");
			try {
				return new IndexTemplate(table, make(catalogue, statement, table, copy), "");
			}
			catch (SQLException ex) {
				ServerError error = ServerError.of(ex);
				if (CLASSES.stream().noneMatch(error.sqlState()::startsWith)) {
					throw ex;
				}
				problems.add(error.message());
				catalogue.execute("ROLLBACK TO SAVEPOINT copy");
			}
		}
		return new IndexTemplate(table, null, problems.get(0));
	}

	private static Index make(Catalogue catalogue, CreateIndex statement, Relation table, String copy)
			throws SQLException {
		String type = copy.startsWith("pg_temp.") ? "TEMPORARY TABLE " : "TABLE ";
		catalogue.execute("CREATE " + type + copy + " (LIKE " + table.quoted() + ")");
		String oid = catalogue.value("SELECT pg_catalog.to_regclass(?)::pg_catalog.oid::pg_catalog.text", copy);
		catalogue.showSchemas();
		catalogue.execute(
				"CREATE " + (statement.unique() ? "UNIQUE " : "") + "INDEX ON " + copy + " " + statement.definition());
		catalogue.hideSchemas();
		if (oid == null) {
			throw new IllegalStateException("Copy of " + table + " missing");
		}
		return Index.of(catalogue, Long.parseLong(oid)).get(0);
	}

	/** Returns the index, or {@code null} if it could not be made. */
	public @Nullable Index index() {
		return this.index;
	}

	/**
	 * Returns whether an index can be the one that the statement makes on its table,
	 * whatever its name.
	 */
	public boolean fits(CreateIndex statement, Index candidate) {
		return this.index != null && this.index.isLike(candidate)
				&& (statement.tablespace() == null || statement.tablespace().equals(candidate.tablespace()));
	}

	/**
	 * Returns whether the server would choose a name for the index itself. It adds a
	 * number where a name is taken; a long name it cuts, which is not told apart here.
	 */
	public boolean choosesName(String name) {
		if (this.index == null) {
			return false;
		}
		String chosen = this.index.name().startsWith(COPY)
				? this.table.name() + this.index.name().substring(COPY.length()) : this.index.name();
		if (chosen.length() >= LONG_NAME) {
			return true;
		}
		return name.startsWith(chosen) && name.substring(chosen.length()).chars().allMatch(Character::isDigit);
	}

	/** Returns why the index could not be made. */
	public String problem() {
		return this.problem;
	}

}
