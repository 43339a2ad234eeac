package dev.tidemark.catalogue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ServerError;
import dev.tidemark.safety.Facts;
import dev.tidemark.safety.Presence;
import dev.tidemark.session.outcome.ConnectionProblems;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.QualifiedName;

/**
 * Asks the database. No question takes long: what the server cannot answer in time is not
 * known.
 *
 * @since 0.1.0
 */
public final class LiveFacts implements Facts {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final String COLUMN = """
			SELECT pg_catalog.format_type(a.atttypid, NULL), a.attgenerated FROM pg_catalog.pg_attribute a
			WHERE a.attrelid = ? AND a.attname = ? AND NOT a.attisdropped AND a.attnum > 0""";

	/** Of a partitioned table each partition has its own estimate. */
	private static final String ROWS = """
			SELECT pg_catalog.sum(c.reltuples)::pg_catalog.int8 FROM pg_catalog.pg_class c
			WHERE c.reltuples >= 0 AND c.relkind <> 'p' AND (c.oid = ?
			  OR c.oid IN (SELECT t.relid FROM pg_catalog.pg_partition_tree(?) t))""";

	private static final String TABLES = """
			SELECT n.nspname, c.relname FROM pg_catalog.pg_depend d
			JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid AND e.extname = ?
			JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind IN ('r', 'p')
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
			  AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'e'""";

	/** Those of the server change large objects, or run what a text says. */
	private static final String FUNCTIONS = """
			SELECT DISTINCT p.proname FROM pg_catalog.pg_proc p
			JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
			WHERE (n.nspname NOT IN ('pg_catalog', 'information_schema')
			    OR p.proname IN ('lo_put', 'lo_truncate', 'lo_truncate64', 'lo_unlink', 'lowrite', 'query_to_xml',
			      'query_to_xml_and_xmlschema', 'ts_rewrite', 'ts_stat'))
			  AND p.proname::pg_catalog.text OPERATOR(pg_catalog.=) ANY (?)""";

	private static final String SCHEMAS_OF_ROLES = """
			SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_roles r
			  ON r.rolname OPERATOR(pg_catalog.=) n.nspname
			  WHERE pg_catalog.strpos(pg_catalog.current_setting('search_path'), '$user') OPERATOR(pg_catalog.>) 0)""";

	private final Connection connection;

	/**
	 * Makes facts.
	 * @param connection an idle connection in auto-commit mode, with the search path of
	 * the statements that are judged
	 */
	public LiveFacts(Connection connection) {
		this.connection = connection;
	}

	@Override
	public Presence holdsRows(QualifiedName table) {
		return ask((catalogue) -> {
			Relation relation = catalogue.relation(table);
			return (relation != null) ? exists(catalogue, relation, "") : Presence.ABSENT;
		}).orElse(Presence.UNKNOWN);
	}

	@Override
	public Presence holdsValues(QualifiedName table, String column) {
		return ask((catalogue) -> {
			Relation relation = catalogue.relation(table);
			List<Catalogue.Row> found = (relation != null) ? catalogue.rows(COLUMN, relation.oid(), column) : List.of();
			if (relation == null || found.isEmpty()) {
				return Presence.ABSENT;
			}
			boolean generated = !found.get(0).text(1).isEmpty();
			return generated ? Presence.NO : exists(catalogue, relation, condition(column));
		}).orElse(Presence.UNKNOWN);
	}

	/** A row of a composite type may have a value although one of its fields has none. */
	private static String condition(String column) {
		return " WHERE " + Identifiers.quote(column) + " IS DISTINCT FROM NULL";
	}

	/** Row security must not hide rows from who asks. */
	private static Presence exists(Catalogue catalogue, Relation relation, String condition) throws SQLException {
		catalogue.execute("SET LOCAL row_security = off; SET LOCAL statement_timeout = " + PATIENCE.toMillis());
		return catalogue.exists("SELECT FROM " + relation.quoted() + condition + " LIMIT 1") ? Presence.YES
				: Presence.NO;
	}

	@Override
	public @Nullable Long rows(QualifiedName table) {
		return value(table, (catalogue, relation) -> catalogue.value(ROWS, relation.oid(), relation.oid()))
			.map(Long::valueOf)
			.orElse(null);
	}

	@Override
	public @Nullable String type(QualifiedName table, String column) {
		return value(table, (catalogue, relation) -> catalogue.value(COLUMN, relation.oid(), column)).orElse(null);
	}

	private Optional<String> value(QualifiedName table, ValueQuestion question) {
		return ask((catalogue) -> {
			Relation relation = catalogue.relation(table);
			return Optional.ofNullable((relation != null) ? question.ask(catalogue, relation) : null);
		}).flatMap(Function.identity());
	}

	@Override
	public Optional<List<QualifiedName>> tables(String extension) {
		return ask((catalogue) -> catalogue.rows(TABLES, extension)
			.stream()
			.map((row) -> new QualifiedName(row.text(0), row.text(1)))
			.toList());
	}

	@Override
	public Set<String> functions(Set<String> names) {
		return ask((catalogue) -> catalogue.rows(FUNCTIONS, (Object) names.toArray(String[]::new))
			.stream()
			.map((row) -> row.text(0))
			.collect(Collectors.toSet())).orElse(names);
	}

	@Override
	public boolean followsRole() {
		return ask((catalogue) -> {
			catalogue.showSchemas();
			return !"f".equals(catalogue.value(SCHEMAS_OF_ROLES));
		}).orElse(true);
	}

	/** Returns nothing where the server refuses to answer, or takes too long. */
	private <T> Optional<T> ask(Question<T> question) {
		try (Catalogue catalogue = Catalogue.open(this.connection)) {
			return Optional.of(question.ask(catalogue));
		}
		catch (SQLException ex) {
			if (ServerError.of(ex).isConnectionLost()) {
				throw ConnectionProblems.whileWorking("looking for data that would be lost", ex);
			}
			return Optional.empty();
		}
	}

	@FunctionalInterface
	private interface Question<T> {

		T ask(Catalogue catalogue) throws SQLException;

	}

	@FunctionalInterface
	private interface ValueQuestion {

		@Nullable String ask(Catalogue catalogue, Relation relation) throws SQLException;

	}

}
