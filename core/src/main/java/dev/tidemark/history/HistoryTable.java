package dev.tidemark.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.source.Identity;
import dev.tidemark.source.MigrationVersion;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.StringLiteral;

/**
 * The history table: its layout and every statement that touches it.
 */
public final class HistoryTable {

	/** The name of the table if none is configured. */
	public static final String DEFAULT_NAME = "tidemark_history";

	/** The layout that this version writes. */
	static final int LAYOUT = 1;

	/** How the comment of a history table begins. */
	static final String COMMENT = "Tidemark history, layout ";

	private static final String UNDEFINED_TABLE = "42P01";

	private static final String UNDEFINED_COLUMN = "42703";

	private static final String UNIQUE_VIOLATION = "23505";

	private static final String DIVISION_BY_ZERO = "22012";

	private static final String INVALID_SCHEMA = "3F000";

	private static final String ENTRY_COLUMNS = "rank, kind, version, description, script, checksum, state,"
			+ " statements_total, statements_done, journal";

	private static final String ROW_COLUMNS = ENTRY_COLUMNS + ", started_at, finished_at, installed_by, application,"
			+ " application_version, instance, tool_version, deployment_id, error_code, error_message,"
			+ " error_sqlstate, error_line, error_statement, note, tag";

	/** Tables that an older version has made may lack them. */
	private static final String RESTORE_COLUMNS = "restore_point, wal_position";

	private static final String READ_COLUMNS = ROW_COLUMNS + ", " + ifThere("restore_point") + ", "
			+ ifThere("wal_position");

	/** The kind of a row that tells of an undo. */
	private static final String UNDO = "undo";

	private static final String NULL = "NULL";

	/** How many tables a query may join without taking the server's locks from others. */
	private static final int READ_AT_ONCE = 100;

	private static final String DEFAULT_PRIVILEGES = Operators.qualified("""
			SELECT g.rolname, pg_catalog.bool_or(a.privilege_type = 'SELECT')
			FROM pg_catalog.pg_default_acl d
			CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) a
			JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
			JOIN pg_catalog.pg_roles o ON o.oid = d.defaclrole
			LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
			WHERE o.rolname = CURRENT_USER AND g.oid <> o.oid AND d.defaclobjtype = 'r'
			  AND (d.defaclnamespace = 0""") + "%s) GROUP BY g.rolname ORDER BY g.rolname";

	private static final String TRANSACTION_TIME = Operators
		.qualified("::pg_catalog.timestamptz + (pg_catalog.clock_timestamp() - pg_catalog.now())");

	/**
	 * Comes before each query of rows, within its transaction: what row security would
	 * hide is an error instead, as a history that lacks rows makes migrations run again.
	 */
	private static final String ALL_ROWS = "SELECT pg_catalog.set_config('row_security', 'off', true)";

	private static final Logger logger = PlainLogger.of(HistoryTable.class);

	private final @Nullable String schema;

	private final String name;

	private final List<String> schemas;

	private final StoredText storedText;

	private final Supplier<List<HistoryTable>> siblings;

	private HistoryTable(@Nullable String schema, String name, List<String> schemas, StoredText storedText,
			Supplier<List<HistoryTable>> siblings) {
		this.siblings = siblings;
		this.schema = schema;
		this.name = name;
		this.schemas = List.copyOf(schemas);
		this.storedText = storedText;
	}

	/**
	 * Names the table.
	 * @param schema its schema, or {@code null} for the first one of the search path that
	 * exists
	 * @param name its name
	 * @param schemas further schemas that the migrations of this history fill
	 * @return the table
	 */
	public static HistoryTable of(@Nullable String schema, String name, List<String> schemas) {
		return new HistoryTable(schema, name, schemas, StoredText.in(null), List::of);
	}

	/**
	 * Returns the same table as one of several that an application has in one database.
	 * What the migrations of another one have made in an empty schema is known, and not
	 * taken for somebody else's.
	 * @param others returns the tables of the others
	 * @return the table
	 */
	public HistoryTable beside(Supplier<List<HistoryTable>> others) {
		return new HistoryTable(this.schema, this.name, this.schemas, this.storedText, others);
	}

	/**
	 * Returns the same table of one schema of many, which is the only one that its
	 * migrations fill.
	 * @param tenant the schema
	 * @return the table
	 */
	public HistoryTable ofTenant(String tenant) {
		return new HistoryTable(tenant, this.name, List.of(tenant), this.storedText, this.siblings);
	}

	/**
	 * Returns the same table in a schema that is known now.
	 * @param found the schema
	 * @return the table
	 */
	public HistoryTable in(String found) {
		return new HistoryTable(found, this.name, this.schemas, this.storedText, this.siblings);
	}

	/**
	 * Returns the same table as one that is written in a database: what the encoding of
	 * that cannot hold is written as an escape.
	 * @param connection a connection to the database
	 * @return the table
	 * @throws SQLException if the connection is none to PostgreSQL
	 */
	public HistoryTable of(Connection connection) throws SQLException {
		return new HistoryTable(this.schema, this.name, this.schemas, StoredText.of(connection), this.siblings);
	}

	/**
	 * Returns the schema.
	 * @return the schema, or {@code null} if the search path decides
	 */
	public @Nullable String schema() {
		return this.schema;
	}

	/**
	 * Returns the name without the schema.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/** Returns further schemas that the migrations of this history fill. */
	List<String> schemas() {
		return this.schemas;
	}

	/**
	 * Returns the name as SQL, quoted and as far as known qualified.
	 * @return the name
	 */
	public String qualifiedName() {
		String quoted = Identifiers.quote(this.name);
		return (this.schema != null) ? Identifiers.quote(this.schema) + "." + quoted : quoted;
	}

	/**
	 * Reads what planning needs, in one round trip where migrations have run.
	 * @param connection an idle connection in auto-commit mode
	 * @return the history; an empty one if the table does not exist
	 * @throws TidemarkException if the table cannot be read or is not what this version
	 * knows
	 * @throws SQLException if the connection fails
	 */
	public History read(Connection connection) throws SQLException {
		return read(connection, true);
	}

	/**
	 * Reads what planning needs, as {@link #read(Connection)} does.
	 * @param connection an idle connection in auto-commit mode
	 * @param expected whether the table is expected to exist: decides what is asked
	 * first, and nothing else
	 * @return the history; an empty one if the table does not exist
	 * @throws TidemarkException if the table cannot be read or is not what this version
	 * knows
	 * @throws SQLException if the connection fails
	 */
	public History read(Connection connection, boolean expected) throws SQLException {
		return withContent(connection, () -> {
			History absent = expected ? null : readAbsent(connection);
			return (absent != null) ? absent : read(connection, ENTRY_COLUMNS, this::entry);
		});
	}

	/** A statement that fails costs the server more, and leaves a line in its log. */
	private @Nullable History readAbsent(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet results = identity(statement)) {
			results.next();
			return (results.getString(4) != null) ? null : new History(database(results), false, List.of());
		}
	}

	/**
	 * Reads all rows with all their columns.
	 * @param connection an idle connection in auto-commit mode
	 * @param rows receives the rows in order of their ranks
	 * @return the history that the rows make
	 * @throws TidemarkException as {@link #read(Connection)}
	 * @throws SQLException if the connection fails
	 */
	public History readRows(Connection connection, List<HistoryRow> rows) throws SQLException {
		return withContent(connection, () -> {
			rows.clear();
			return read(connection, rows);
		});
	}

	/** Reads all rows, and does not look at what the schemas hold besides. */
	History readAlone(Connection connection, List<HistoryRow> rows) throws SQLException {
		History absent = readAbsent(connection);
		return (absent != null) ? absent : read(connection, rows);
	}

	private History read(Connection connection, List<HistoryRow> rows) throws SQLException {
		return read(connection, READ_COLUMNS, (results) -> {
			HistoryRow row = row(results);
			rows.add(row);
			return row.entry();
		});
	}

	/**
	 * Reads some rows with all their columns.
	 * @param connection an idle connection in auto-commit mode
	 * @param ranks the ranks of the rows, of a history that exists
	 * @return the rows in order of their ranks
	 * @throws TidemarkException if a row is not what this version knows
	 * @throws SQLException if the connection fails
	 */
	public List<HistoryRow> readRows(Connection connection, Collection<Integer> ranks) throws SQLException {
		if (ranks.isEmpty()) {
			return List.of();
		}
		String wanted = ranks.stream().map(String::valueOf).collect(Collectors.joining(","));
		List<HistoryRow> rows = new ArrayList<>();
		try (Statement statement = connection.createStatement();
				ResultSet results = rows(statement,
						"SELECT " + READ_COLUMNS + " FROM " + qualifiedName() + " AS h WHERE "
								+ Operators.qualified("rank = ANY ('{" + wanted + "}'::pg_catalog.int4[])")
								+ " ORDER BY rank")) {
			while (results.next()) {
				rows.add(row(results));
			}
		}
		return rows;
	}

	/**
	 * Reads the histories of many schemas, with few round trips.
	 * @param connection an idle connection in auto-commit mode
	 * @param wanted the schemas
	 * @return the histories, without what the schemas hold besides
	 * @throws SQLException if the connection fails
	 */
	public Histories readAll(Connection connection, Collection<String> wanted) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			Look.send(statement, "SELECT pg_catalog.current_database(), CURRENT_USER; " + Operators
				.qualified("SELECT n.nspname FROM pg_catalog.pg_class c"
						+ " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = "
						+ StringLiteral.quote(this.name) + " AND c.relkind = ANY ('{r,p}'::pg_catalog.\"char\"[])"));
			DatabaseIdentity database = withoutSchema(statement);
			List<String> schemas = having(statement, new HashSet<>(wanted));
			Map<String, History> histories = new HashMap<>();
			for (int start = 0; start < schemas.size(); start += READ_AT_ONCE) {
				entries(statement, schemas.subList(start, Math.min(schemas.size(), start + READ_AT_ONCE)))
					.forEach((schema, known) -> histories.put(schema, new History(database.in(schema), true, known)));
			}
			Set<String> unreadable = new HashSet<>(schemas);
			unreadable.removeAll(histories.keySet());
			return new Histories(database, histories, unreadable);
		}
	}

	private static DatabaseIdentity withoutSchema(Statement statement) throws SQLException {
		try (ResultSet results = statement.getResultSet()) {
			results.next();
			return new DatabaseIdentity(results.getString(1), results.getString(2), null);
		}
	}

	/** Returns which of the wanted schemas have a table of this name. */
	private static List<String> having(Statement statement, Set<String> wanted) throws SQLException {
		statement.getMoreResults();
		List<String> found = new ArrayList<>();
		try (ResultSet results = statement.getResultSet()) {
			while (results.next()) {
				String schema = results.getString(1);
				if (wanted.contains(schema)) {
					found.add(schema);
				}
			}
		}
		return found;
	}

	private Map<String, List<HistoryEntry>> entries(Statement statement, List<String> schemas) throws SQLException {
		StringJoiner sql = new StringJoiner(" UNION ALL ", "", " ORDER BY 11, 1");
		for (int i = 0; i < schemas.size(); i++) {
			sql.add("SELECT " + ENTRY_COLUMNS + ", " + i + " FROM " + in(schemas.get(i)).qualifiedName());
		}
		Map<String, List<HistoryEntry>> found = new HashMap<>();
		schemas.forEach((schema) -> found.put(schema, new ArrayList<>()));
		try (ResultSet results = rows(statement, sql.toString())) {
			while (results.next()) {
				String schema = schemas.get(results.getInt(11));
				List<HistoryEntry> known = found.get(schema);
				try {
					if (known != null) {
						known.add(entry(results));
					}
				}
				catch (TidemarkException ex) {
					found.remove(schema);
				}
			}
			return found;
		}
		catch (SQLException ex) {
			if (statement.getConnection().isClosed()) {
				throw ex;
			}
			if (schemas.size() == 1) {
				logger.debug("The history of schema {} cannot be read: {}", schemas.get(0), ServerError.of(ex));
				return Map.of();
			}
			// One that is no history, or not readable, must not hide the others.
			int half = schemas.size() / 2;
			Map<String, List<HistoryEntry>> entries = new HashMap<>(entries(statement, schemas.subList(0, half)));
			entries.putAll(entries(statement, schemas.subList(half, schemas.size())));
			return entries;
		}
	}

	/** Reads a column of the row, or nothing if the table does not have it. */
	private static String ifThere(String column) {
		return "pg_catalog.jsonb_extract_path_text(pg_catalog.to_jsonb(h), '" + column + "')";
	}

	private static ResultSet rows(Statement statement, String query) throws SQLException {
		Look.send(statement, ALL_ROWS + "; " + query);
		statement.getMoreResults();
		return statement.getResultSet();
	}

	/**
	 * Where nothing has ever run, what is there is somebody else's. The history is read
	 * again after it, as another instance may have run its first migration in between.
	 */
	private History withContent(Connection connection, Reading reading) throws SQLException {
		History history = reading.read();
		if (!history.isUntouched()) {
			return history;
		}
		SchemaContent content = foreign(connection, history.database().schema());
		return content.isEmpty() ? history : reading.read().with(content);
	}

	/**
	 * Find out who else keeps a history in some schemas, with Tidemark or with another
	 * tool.
	 * @param connection an idle connection in auto-commit mode
	 * @param where the schemas
	 * @return the tables, and whose they are, in words
	 * @throws SQLException if a query fails
	 */
	public List<String> others(Connection connection, Set<String> where) throws SQLException {
		List<String> others = new ArrayList<>();
		Surroundings.read(connection, where, this, List.of())
			.histories(where)
			.forEach((history) -> others.add(history.toString()));
		String names = where.stream().map(StringLiteral::quote).collect(Collectors.joining(", "));
		try (Statement statement = connection.createStatement()) {
			new ToolHistoryReader(statement).read(names)
				.forEach((history) -> others.add(history.table() + " (of " + history.tool() + ")"));
		}
		// The schemas of a sibling may be more than the one in which its history lies.
		for (HistoryTable sibling : this.siblings.get()) {
			boolean liesElsewhere = sibling.schema == null || !where.contains(sibling.schema);
			if (liesElsewhere && sibling.schemas.stream().anyMatch(where::contains)) {
				others.add(sibling.qualifiedName() + " (whose migrations fill one of these schemas too)");
			}
		}
		return others;
	}

	private SchemaContent foreign(Connection connection, @Nullable String found) throws SQLException {
		Set<String> all = new LinkedHashSet<>(this.schemas);
		if (found != null) {
			all.add(found);
		}
		SchemaContent content = SchemaContent.read(connection, found, this.name, all);
		if (content.isEmpty()) {
			return content;
		}
		HistoryTable own = (found != null) ? in(found) : this;
		Surroundings surroundings = Surroundings.read(connection, all, own, this.siblings.get());
		// Beside the history of another tool nobody knows what is whose.
		Set<String> unaccounted = content.tools().isEmpty() ? surroundings.unaccounted(all) : all;
		SchemaContent left = unaccounted.equals(all) ? content
				: SchemaContent.read(connection, found, this.name, unaccounted);
		return left.isEmpty() ? left : left.beside(surroundings.histories(unaccounted));
	}

	private History read(Connection connection, String columns, RowReader reader) throws SQLException {
		String rows = "SELECT " + columns + " FROM " + qualifiedName() + " AS h ORDER BY rank";
		try (Statement statement = connection.createStatement()) {
			try {
				Look.send(statement, ALL_ROWS + "; " + identity() + "; " + rows);
			}
			catch (SQLException ex) {
				return unreadable(statement, ex);
			}
			statement.getMoreResults();
			DatabaseIdentity database;
			try (ResultSet results = statement.getResultSet()) {
				results.next();
				database = database(results);
			}
			statement.getMoreResults();
			List<HistoryEntry> entries = new ArrayList<>();
			try (ResultSet results = statement.getResultSet()) {
				while (results.next()) {
					entries.add(read(reader, results));
				}
			}
			return new History(database, true, entries);
		}
	}

	private String identity() {
		return Operators
			.qualified("SELECT pg_catalog.current_database(), CURRENT_USER, pg_catalog.current_schema(), n.nspname,"
					+ " pg_catalog.obj_description(c.oid, 'pg_class') FROM (VALUES (pg_catalog.to_regclass("
					+ StringLiteral.quote(qualifiedName())
					+ "))) AS t (oid) LEFT JOIN pg_catalog.pg_class c ON c.oid = t.oid"
					+ " LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace");
	}

	private ResultSet identity(Statement statement) throws SQLException {
		return Look.query(statement, identity());
	}

	/** All rows are there already, so what fails is a value of another type. */
	private HistoryEntry read(RowReader reader, ResultSet results) throws SQLException {
		try {
			return reader.read(results);
		}
		catch (SQLException ex) {
			throw new TidemarkException(
					unknownLayout("a column has another type than this version knows").withServer(ServerError.of(ex)),
					ServerError.withoutSecrets(ex));
		}
	}

	/**
	 * Requires the rights that a run needs, before it changes anything: without them it
	 * could run migrations that it cannot record.
	 * @param connection an idle connection in auto-commit mode
	 * @throws TidemarkException if the role lacks one
	 * @throws SQLException if the connection fails
	 */
	public void requireWritable(Connection connection) throws SQLException {
		String literal = StringLiteral.quote(qualifiedName());
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT CURRENT_USER, pg_catalog.has_table_privilege("
						+ literal + ", 'INSERT') AND pg_catalog.has_table_privilege(" + literal + ", 'UPDATE')")) {
			if (results.next() && !results.getBoolean(2)) {
				String role = results.getString(1);
				throw new TidemarkException(Problem.error(ErrorCode.HISTORY_ACCESS, null,
						"The role " + Identifiers.quote(role) + " may not write the history table " + qualifiedName()
								+ ".",
						"Migrate with the role that owns it, as " + SettingNames.name("connection.role") + " or "
								+ SettingNames.name("connection.user") + ", or grant the right: "
								+ grant(role, "SELECT, INSERT and UPDATE", "SELECT, INSERT, UPDATE")));
			}
		}
	}

	/** To look is all that {@code verify}, the endpoint and the health check need. */
	private Problem notReadable(String role) {
		return Problem.error(ErrorCode.HISTORY_ACCESS, null,
				"The role " + Identifiers.quote(role) + " may not read the history table " + qualifiedName() + ".",
				"For what only looks, as tidemark.mode=verify, the endpoint and the health check do, grant the right: "
						+ grant(role, "SELECT", "SELECT") + " What migrates needs the role that owns the table, as "
						+ SettingNames.name("connection.role") + " or " + SettingNames.name("connection.user") + ".");
	}

	private String grant(String role, String inWords, String rights) {
		String to = " TO " + Identifiers.quote(role) + ";";
		String table = "GRANT " + rights + " ON TABLE " + qualifiedName() + to;
		String usage = (this.schema != null) ? "GRANT USAGE ON SCHEMA " + Identifiers.quote(this.schema) + to + " "
				: "";
		return inWords + " on the table and USAGE on its schema, as in " + usage + table;
	}

	/**
	 * Returns a query for what became of one run of a migration: the state and the number
	 * of statements that are done.
	 * @param rank the rank of the row
	 * @param deploymentId the deployment whose row it has to be
	 * @return the query; no row if the run has left none
	 */
	public String runOf(int rank, String deploymentId) {
		return "SELECT state, statements_done" + from(rank, deploymentId);
	}

	/**
	 * Returns a query that tells whether a row was added, whatever it says.
	 * @param rank the rank of the row
	 * @param deploymentId the deployment whose row it has to be
	 * @return the query; no row if there is none
	 */
	public String rowOf(int rank, String deploymentId) {
		return "SELECT 'committed', statements_done" + from(rank, deploymentId);
	}

	/**
	 * Returns a query for what other deployments have recorded.
	 * @param rank the rank from which on their rows count
	 * @param deploymentId the deployment whose rows do not
	 * @return the query; its rows have the deployment, and in words what is in which
	 * state
	 */
	public String othersFrom(int rank, String deploymentId) {
		return "SELECT deployment_id, CASE WHEN kind = 'repeatable' THEN description"
				+ " ELSE pg_catalog.concat('version ', version) END || ' is ' || state FROM " + qualifiedName()
				+ " WHERE rank >= " + rank + " AND deployment_id <> " + StringLiteral.quote(deploymentId)
				+ " ORDER BY rank";
	}

	/**
	 * Returns a query with which a person looks at the history as a whole.
	 * @return the query
	 */
	public String overview() {
		return "SELECT rank, version, description, state FROM " + qualifiedName() + " ORDER BY rank";
	}

	private String from(int rank, String deploymentId) {
		return " FROM " + qualifiedName() + " WHERE rank = " + rank + " AND deployment_id = "
				+ StringLiteral.quote(deploymentId);
	}

	/**
	 * Returns a query that tells whether the table was created.
	 * @return the query; no row if it was not
	 */
	public String existence() {
		return "SELECT 'committed', 0 WHERE pg_catalog.to_regclass(" + StringLiteral.quote(qualifiedName())
				+ ") IS NOT NULL";
	}

	/**
	 * Returns a query that tells whether the table was dropped.
	 * @return the query; no row if it was not
	 */
	public String absence() {
		return "SELECT 'committed', 0 WHERE pg_catalog.to_regclass(" + StringLiteral.quote(qualifiedName())
				+ ") IS NULL";
	}

	/**
	 * Runs a query of histories, which fails where row security would hide a row.
	 * @param statement a statement of an idle connection in auto-commit mode
	 * @param query the query
	 * @return its rows
	 * @throws SQLException if the query fails
	 */
	public static ResultSet allRows(Statement statement, String query) throws SQLException {
		statement.execute(ALL_ROWS + "; " + query);
		statement.getMoreResults();
		return statement.getResultSet();
	}

	/** Says why the rows cannot be read, which the server tells by the same code. */
	private Problem notReadable(Statement statement) throws SQLException {
		try (ResultSet results = statement.executeQuery(Operators.qualified("SELECT CURRENT_USER,"
				+ " (SELECT pg_catalog.bool_or(pg_catalog.row_security_active(c.oid)) FROM pg_catalog.pg_class c"
				+ " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" + " WHERE c.relname = "
				+ StringLiteral.quote(this.name) + " AND "
				+ ((this.schema != null) ? "n.nspname = " + StringLiteral.quote(this.schema)
						: "pg_catalog.pg_table_is_visible(c.oid)")
				+ " AND pg_catalog.has_table_privilege(c.oid, 'SELECT'))"))) {
			results.next();
			return results.getBoolean(2) ? hidden(results.getString(1)) : notReadable(results.getString(1));
		}
	}

	private Problem hidden(String role) {
		return Problem.error(ErrorCode.HISTORY_HIDDEN, null,
				"Row security of the history table " + qualifiedName() + " may hide rows from the role "
						+ Identifiers.quote(role) + ", and without all rows nobody knows what has run.",
				"Row security has no place on this table: run ALTER TABLE " + qualifiedName()
						+ " DISABLE ROW LEVEL SECURITY; as its owner. Where it has to stay, use the role that owns the table,"
						+ " without FORCE ROW LEVEL SECURITY, or one that has BYPASSRLS.");
	}

	private History unreadable(Statement statement, SQLException ex) throws SQLException {
		ServerError error = ServerError.of(ex);
		if (error.is(UNDEFINED_TABLE) || error.is(INVALID_SCHEMA)) {
			try (ResultSet results = identity(statement)) {
				results.next();
				return new History(database(results), false, List.of());
			}
		}
		if (error.is(UNDEFINED_COLUMN)) {
			throw new TidemarkException(unknownLayout("it lacks a column").withServer(error),
					ServerError.withoutSecrets(ex));
		}
		if (error.is("42501")) {
			throw new TidemarkException(notReadable(statement).withServer(error), ServerError.withoutSecrets(ex));
		}
		throw ex;
	}

	/** Reads the row of {@link #identity()}. */
	private DatabaseIdentity database(ResultSet results) throws SQLException {
		String defaultSchema = (this.schema != null) ? this.schema : results.getString(3);
		String foundIn = results.getString(4);
		checkLayout(results.getString(5));
		if (foundIn != null && !foundIn.equals(defaultSchema)) {
			throw new TidemarkException(Problem.error(ErrorCode.HISTORY_ELSEWHERE, null,
					"The history table was found in schema " + Identifiers.quote(foundIn)
							+ ", but the default schema of the connection is "
							+ ((defaultSchema != null) ? Identifiers.quote(defaultSchema) : "none") + ".",
					"Set " + SettingNames.name("schema") + "=" + foundIn
							+ " to continue that history, as if a migration has created a schema that"
							+ " the search path names earlier, or has changed the search path. Is it the history of another"
							+ " service, set " + SettingNames.name("schema") + " to a schema of this one's own."));
		}
		return new DatabaseIdentity(results.getString(1), results.getString(2), defaultSchema);
	}

	private void checkLayout(@Nullable String comment) {
		if (comment == null || !comment.startsWith(COMMENT)) {
			return;
		}
		String layout = comment.substring(COMMENT.length()).replaceAll("\\D.*", "");
		if (!layout.equals(Integer.toString(LAYOUT))) {
			throw new TidemarkException(
					unknownLayout("it has layout " + layout + ", and this version knows layout " + LAYOUT));
		}
	}

	private Problem unknownLayout(String reason) {
		return Problem.error(ErrorCode.HISTORY_LAYOUT, null,
				"The table " + qualifiedName() + " is not a history table that this version can read: " + reason + ".",
				"Use the version of Tidemark that wrote it or a newer one; if the table is not Tidemark's, " + "set "
						+ SettingNames.name("history.table") + " to another name.");
	}

	/**
	 * Returns the statements that create the table.
	 * @return the statements
	 */
	public String create() {
		String table = qualifiedName();
		return """
				CREATE TABLE IF NOT EXISTS %s (
				  rank                pg_catalog.int4        PRIMARY KEY,
				  kind                pg_catalog.text        NOT NULL,
				  phase               pg_catalog.text        NOT NULL,
				  version             pg_catalog.text,
				  description         pg_catalog.text        NOT NULL,
				  script              pg_catalog.text        NOT NULL,
				  checksum            pg_catalog.text,
				  state               pg_catalog.text        NOT NULL,
				  statements_total    pg_catalog.int4        NOT NULL,
				  statements_done     pg_catalog.int4        NOT NULL,
				  journal             pg_catalog.text,
				  started_at          pg_catalog.timestamptz NOT NULL,
				  finished_at         pg_catalog.timestamptz,
				  installed_by        pg_catalog.text        NOT NULL,
				  database_user       pg_catalog.text        NOT NULL DEFAULT SESSION_USER,
				  application         pg_catalog.text,
				  application_version pg_catalog.text,
				  instance            pg_catalog.text        NOT NULL,
				  tool_version        pg_catalog.text        NOT NULL,
				  deployment_id       pg_catalog.text        NOT NULL,
				  tag                 pg_catalog.text,
				  error_code          pg_catalog.text,
				  error_message       pg_catalog.text,
				  error_sqlstate      pg_catalog.text,
				  error_line          pg_catalog.int4,
				  error_statement     pg_catalog.text,
				  note                pg_catalog.text,
				  adopted_from        pg_catalog.text,
				  adopted_values      pg_catalog.jsonb,
				  restore_point       pg_catalog.text,
				  wal_position        pg_catalog.text
				);
				COMMENT ON TABLE %s IS '%s%d: one row for each run of a migration, the last row of a migration decides'"""
			.formatted(table, table, COMMENT, LAYOUT);
	}

	/**
	 * Return whether the table has the columns for restore points.
	 * @param connection an idle connection in auto-commit mode
	 * @return {@code false} for one that an older version has made
	 * @throws SQLException if the query fails
	 */
	public boolean hasRestorePoints(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(Operators.qualified("SELECT 1 FROM pg_catalog.pg_attribute"
						+ " WHERE (attrelid = pg_catalog.to_regclass(" + StringLiteral.quote(qualifiedName())
						+ ")) AND (attname = 'wal_position') AND NOT attisdropped"))) {
			return results.next();
		}
	}

	/**
	 * Return the statement that adds the columns for restore points. Older versions go on
	 * with a table that has them.
	 * @return the statement
	 */
	public String addRestorePoints() {
		return "ALTER TABLE " + qualifiedName() + " ADD COLUMN IF NOT EXISTS restore_point pg_catalog.text,"
				+ " ADD COLUMN IF NOT EXISTS wal_position pg_catalog.text";
	}

	/**
	 * Returns the statements that take from everybody what default privileges would give
	 * on the table when it is created: nobody but its owner writes the history unless
	 * somebody grants it on this very table. Who would read it by default may do so.
	 * @param connection an idle connection in auto-commit mode
	 * @return the statements, to be run with those that create the table; empty where
	 * nobody has default privileges
	 * @throws SQLException if the query fails
	 */
	public String protection(Connection connection) throws SQLException {
		if (!hasDefaultPrivileges(connection)) {
			return "";
		}
		String table = qualifiedName();
		StringBuilder sql = new StringBuilder("REVOKE ALL ON TABLE " + table + " FROM PUBLIC");
		String inSchema = (this.schema != null)
				? Operators.qualified(" OR n.nspname = " + StringLiteral.quote(this.schema)) : "";
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(DEFAULT_PRIVILEGES.formatted(inSchema))) {
			while (results.next()) {
				String grantee = Identifiers.quote(results.getString(1));
				sql.append("; REVOKE ALL ON TABLE ").append(table).append(" FROM ").append(grantee);
				if (results.getBoolean(2)) {
					sql.append("; GRANT SELECT ON TABLE ").append(table).append(" TO ").append(grantee);
				}
			}
		}
		return sql.toString();
	}

	/** Most databases have none, and to look closer costs as much as a migration. */
	private static boolean hasDefaultPrivileges(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT 1 FROM pg_catalog.pg_default_acl LIMIT 1")) {
			return results.next();
		}
	}

	/**
	 * Returns the statements that add a row. They fail with a violation of the primary
	 * key if another instance added a row since the history was read, and with a division
	 * by zero if the row is not there afterwards as it was written: a trigger or a rule
	 * may drop or change it without a word, and then the migration would run again with
	 * each start.
	 * @param row the row; to the time at which it is finished the server adds how long
	 * the transaction has been running, so that the statement can be sent ahead
	 * @return the statements
	 */
	public String insert(HistoryRow row) {
		HistoryEntry entry = row.entry();
		HistoryRow.Author author = row.author();
		HistoryRow.Failure failure = row.failure();
		StringJoiner values = new StringJoiner(", ");
		add(values, entry.rank(), entry.undo() ? UNDO : entry.identity().kind(), entry.identity().version(),
				entry.description(), entry.script(), entry.checksum(), entry.state(), entry.statementsTotal(),
				entry.statementsDone(), entry.journal(), row.started());
		values.add((row.finished() != null) ? literal(row.finished()) + TRANSACTION_TIME : NULL);
		add(values, author.installedBy(), author.application(), author.applicationVersion(), author.instance(),
				author.toolVersion(), author.deploymentId());
		add(values, failureValues(failure));
		add(values, row.note(), author.tag(), "expand");
		String columns = ROW_COLUMNS + ", phase";
		RestorePoint point = author.restorePoint();
		if (point != null) {
			add(values, point.name(), point.walPosition());
			columns += ", " + RESTORE_COLUMNS;
		}
		return "INSERT INTO " + qualifiedName() + " (" + columns + ") VALUES (" + values + "); "
				+ Operators.qualified("SELECT 1 / pg_catalog.count(*) FROM " + qualifiedName() + " WHERE (rank = "
						+ entry.rank() + ") AND (deployment_id = " + literal(author.deploymentId()) + ") AND "
						+ content(entry));
	}

	/** What other runs go by. */
	private String content(HistoryEntry entry) {
		MigrationVersion version = entry.identity().version();
		return "(state = " + literal(entry.state()) + ") AND (kind = "
				+ literal(entry.undo() ? UNDO : entry.identity().kind()) + ") AND (description = "
				+ literal(entry.description()) + ") AND (version "
				+ ((version != null) ? "= " + literal(version) : "IS NULL") + ") AND (statements_done = "
				+ entry.statementsDone() + ")";
	}

	/**
	 * Tells whether an error says that another instance added a row since the history was
	 * read.
	 * @param error an error of a transaction that {@linkplain #insert(HistoryRow) adds} a
	 * row
	 * @return whether the row's rank was taken
	 */
	public boolean isConflict(ServerError error) {
		return error.is(UNIQUE_VIOLATION) && PlainText.line(this.name).equals(error.table());
	}

	/**
	 * Tells whether an error says that a row which was to be written is not there: one
	 * that was added was dropped or changed on its way; or that of a run that goes on is
	 * gone, or not {@code running} any more, or not what was written.
	 * @param error an error of a write of the history, not of what comes before it
	 * @return whether somebody changed the row
	 */
	public boolean isRowGone(ServerError error) {
		return error.is(DIVISION_BY_ZERO) && error.context() == null;
	}

	/**
	 * Returns the statement that records how far a run has come.
	 * @param rank the row of the run
	 * @param statementsDone how many statements are done
	 * @param journal the checksum of these statements
	 * @return the statement; it fails if the row is not there any more
	 */
	public String progress(int rank, int statementsDone, String journal) {
		return update(rank, "statements_done = " + statementsDone + ", journal = " + literal(journal),
				"(state = 'running') AND (statements_done = " + statementsDone + ")");
	}

	/**
	 * Returns the statement that records the end of a run that had a row before.
	 * @param row the row as it shall be
	 * @return the statement; it fails if the row is not there any more
	 */
	public String finish(HistoryRow row) {
		StringJoiner values = new StringJoiner(", ");
		add(values, row.entry().state(), row.entry().statementsDone(), row.entry().journal(), row.finished());
		add(values, failureValues(row.failure()));
		return update(row.entry().rank(),
				"(state, statements_done, journal, finished_at, error_code, error_message,"
						+ " error_sqlstate, error_line, error_statement) = ROW (" + values + ")",
				"(state = " + literal(row.entry().state()) + ") AND (statements_done = " + row.entry().statementsDone()
						+ ")");
	}

	/**
	 * Returns the statement that records the failure of a run that had a row before, and
	 * leaves what that says of the statements that are done.
	 * @param row the row as it shall be, but for these
	 * @return the statement; it fails if the row is not there any more
	 */
	public String fail(HistoryRow row) {
		StringJoiner values = new StringJoiner(", ");
		add(values, row.entry().state(), row.finished());
		add(values, failureValues(row.failure()));
		return update(row.entry().rank(), "(state, finished_at, error_code, error_message, error_sqlstate, error_line,"
				+ " error_statement) = ROW (" + values + ")", "state = " + literal(row.entry().state()));
	}

	/**
	 * Returns the statements that add the row of a run which continues one that was
	 * interrupted, and say of that one that it was.
	 * @param row the row of the run that continues
	 * @param interrupted the rank of the run that is continued
	 * @return the statements
	 */
	public String insertContinuing(HistoryRow row, int interrupted) {
		return insert(row) + "; UPDATE " + qualifiedName() + " SET state = 'interrupted' WHERE "
				+ Operators.qualified("(state = 'running') AND (rank = " + interrupted + ")");
	}

	/**
	 * Of the rows that are left after the update, as they were written, there has to be
	 * one to divide by.
	 */
	private String update(int rank, String assignments, String written) {
		return "WITH changed AS (UPDATE " + qualifiedName() + " SET " + assignments + " WHERE " + Operators
			.qualified("(rank = " + rank + ") AND (state = 'running') RETURNING rank, state, statements_done)"
					+ " SELECT 1 / pg_catalog.count(*) FROM changed WHERE (rank = " + rank + ") AND (" + written + ")");
	}

	private static @Nullable Object[] failureValues(HistoryRow.@Nullable Failure failure) {
		return (failure == null) ? new @Nullable Object[5] : new @Nullable Object[] { failure.code(), failure.message(),
				failure.sqlState(), failure.line(), failure.statement() };
	}

	private void add(StringJoiner values, @Nullable Object... more) {
		for (Object value : more) {
			values.add((value != null) ? literal(value) : NULL);
		}
	}

	private String literal(Object value) {
		return (value instanceof Integer) ? value.toString()
				: StringLiteral.quote(this.storedText.write(value.toString()));
	}

	private HistoryRow row(ResultSet results) throws SQLException {
		HistoryRow.Author author = new HistoryRow.Author(results.getString(13), results.getString(14),
				results.getString(15), results.getString(16), results.getString(17), results.getString(18),
				results.getString(25), restorePoint(results));
		String code = results.getString(19);
		HistoryRow.Failure failure = (code != null) ? new HistoryRow.Failure(code, results.getString(20),
				results.getString(21), results.getObject(22, Integer.class), results.getString(23)) : null;
		Instant started = instant(results, 11);
		return new HistoryRow(entry(results), (started != null) ? started : Instant.EPOCH, instant(results, 12), author,
				failure, results.getString(24));
	}

	private static @Nullable RestorePoint restorePoint(ResultSet results) throws SQLException {
		String position = results.getString(27);
		return (position != null) ? new RestorePoint(results.getString(26), position) : null;
	}

	private HistoryEntry entry(ResultSet results) throws SQLException {
		int rank = results.getInt(1);
		String state = text(rank, results, 7, "state");
		int total = results.getInt(8);
		int done = results.getInt(9);
		if (done < 0 || done > total) {
			throw edited(rank, "statements_done " + done + " of " + total);
		}
		return new HistoryEntry(rank, identity(rank, results), text(rank, results, 4, "description"),
				text(rank, results, 5, "script"), results.getString(6),
				MigrationState.parse(state).orElseThrow(() -> edited(rank, "state '" + state + "'")), total, done,
				results.getString(10), UNDO.equals(results.getString(2)));
	}

	private String text(int rank, ResultSet results, int column, String name) throws SQLException {
		String text = results.getString(column);
		if (text == null) {
			throw edited(rank, name + " NULL");
		}
		return text.contains("\\") ? StoredText.of(results.getStatement().getConnection()).read(text) : text;
	}

	private Identity identity(int rank, ResultSet results) throws SQLException {
		String kind = text(rank, results, 2, "kind");
		if (kind.equals("repeatable")) {
			return new Identity.Repeatable(text(rank, results, 4, "description"));
		}
		if (!kind.equals("versioned") && !kind.equals("baseline") && !kind.equals(UNDO)) {
			throw edited(rank, "kind '" + kind + "'");
		}
		String version = text(rank, results, 3, "version");
		try {
			MigrationVersion number = MigrationVersion.of(version);
			return kind.equals("baseline") ? new Identity.Baseline(number) : new Identity.Versioned(number);
		}
		catch (IllegalArgumentException ex) {
			throw edited(rank, "version '" + version + "'");
		}
	}

	private TidemarkException edited(int rank, String value) {
		return new TidemarkException(Problem.error(ErrorCode.HISTORY_LAYOUT, null,
				"The row with rank " + rank + " of " + qualifiedName() + " has the unknown " + value + ".",
				"Use the version of Tidemark that wrote the row; if somebody edited it, restore its value."));
	}

	private static @Nullable Instant instant(ResultSet results, int column) throws SQLException {
		OffsetDateTime value = results.getObject(column, OffsetDateTime.class);
		return (value != null) ? value.toInstant() : null;
	}

	@FunctionalInterface
	private interface RowReader {

		HistoryEntry read(ResultSet results) throws SQLException;

	}

	@FunctionalInterface
	private interface Reading {

		History read() throws SQLException;

	}

}
