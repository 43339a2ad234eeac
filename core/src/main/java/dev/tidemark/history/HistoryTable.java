package dev.tidemark.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.PlainText;

/**
 * The history table: which one it is, and the way to all that reads, writes and changes
 * it.
 *
 * @since 0.1.0
 */
public final class HistoryTable {

	/** The name of the table if none is configured. */
	public static final String DEFAULT_NAME = "tidemark_history";

	private static final String UNIQUE_VIOLATION = "23505";

	private static final String DIVISION_BY_ZERO = "22012";

	private final HistoryName name;

	private final List<String> schemas;

	private final Supplier<List<HistoryTable>> siblings;

	private HistoryTable(HistoryName name, List<String> schemas, Supplier<List<HistoryTable>> siblings) {
		this.name = name;
		this.schemas = List.copyOf(schemas);
		this.siblings = siblings;
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
		return new HistoryTable(new HistoryName(schema, name), schemas, List::of);
	}

	/**
	 * Returns the same table as one of several that an application has in one database.
	 * What the migrations of another one have made in an empty schema is known, and not
	 * taken for somebody else's.
	 * @param others returns the tables of the others
	 * @return the table
	 */
	public HistoryTable beside(Supplier<List<HistoryTable>> others) {
		return new HistoryTable(this.name, this.schemas, others);
	}

	/**
	 * Returns the same table of one schema of many, which is the only one that its
	 * migrations fill.
	 * @param tenant the schema
	 * @return the table
	 */
	public HistoryTable ofTenant(String tenant) {
		return new HistoryTable(this.name.in(tenant), List.of(tenant), this.siblings);
	}

	/**
	 * Returns the same table in a schema that is known now.
	 * @param found the schema
	 * @return the table
	 */
	public HistoryTable in(String found) {
		return new HistoryTable(this.name.in(found), this.schemas, this.siblings);
	}

	/**
	 * Return the table beside it that tells of backfills.
	 * @return the table, by its name alone
	 */
	public HistoryTable ofBackfills() {
		return new HistoryTable(this.name.ofBackfills(), List.of(), List::of);
	}

	/**
	 * Returns the schema.
	 * @return the schema, or {@code null} if the search path decides
	 */
	public @Nullable String schema() {
		return this.name.schema();
	}

	/**
	 * Returns the name without the schema.
	 * @return the name
	 */
	public String name() {
		return this.name.name();
	}

	/**
	 * Returns the name as SQL, quoted and as far as known qualified.
	 * @return the name
	 */
	public String qualifiedName() {
		return this.name.qualified();
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
		return neighbours().withContent(connection, () -> new HistoryReads(this.name).read(connection, expected));
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
		return neighbours().withContent(connection, () -> {
			rows.clear();
			return new HistoryReads(this.name).read(connection, rows);
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
		return new HistoryReads(this.name).readRows(connection, ranks);
	}

	/**
	 * Reads the histories of many schemas, with few round trips.
	 * @param connection an idle connection in auto-commit mode
	 * @param wanted the schemas
	 * @return the histories, without what the schemas hold besides
	 * @throws SQLException if the connection fails
	 */
	public Histories readAll(Connection connection, Collection<String> wanted) throws SQLException {
		return new HistoriesReads(this.name).read(connection, wanted);
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
		return neighbours().others(connection, where);
	}

	private Neighbours neighbours() {
		return new Neighbours(this.name, this.schemas,
				() -> this.siblings.get().stream().map((table) -> new Sibling(table.name, table.schemas)).toList());
	}

	/**
	 * Requires that a run can write the table, before it changes anything: otherwise it
	 * could run migrations that it cannot record.
	 * @param connection an idle connection in auto-commit mode
	 * @return the statements that bring the table to the layout of this version, to be
	 * run under the lock; empty if it has that, or the role does not own it
	 * @throws TidemarkException if the role lacks a right, or the table wants a value
	 * that this version does not know
	 * @throws SQLException if the connection fails
	 */
	public Optional<String> requireWritable(Connection connection) throws SQLException {
		return new HistoryAccess(this.name).requireWritable(connection);
	}

	/**
	 * Returns the queries for what became of a write.
	 * @return the queries
	 */
	public HistoryOutcome outcome() {
		return new HistoryOutcome(this.name);
	}

	/**
	 * Runs a query of histories, which fails where row security would hide a row.
	 * @param statement a statement of an idle connection in auto-commit mode
	 * @param query the query
	 * @return its rows
	 * @throws SQLException if the query fails
	 */
	public static ResultSet allRows(Statement statement, String query) throws SQLException {
		statement.execute(HistoryReads.ALL_ROWS + "; " + query);
		statement.getMoreResults();
		return statement.getResultSet();
	}

	/**
	 * Returns how the table is laid out.
	 * @return what creates, checks and changes it
	 */
	public HistoryLayout layout() {
		return new HistoryLayout(this.name);
	}

	/**
	 * Returns what writes the table in a database: what the encoding of that cannot hold
	 * is written as an escape.
	 * @param connection a connection to the database
	 * @return the writer
	 * @throws SQLException if the connection is none to PostgreSQL
	 */
	public HistoryWriter writer(Connection connection) throws SQLException {
		return new HistoryWrites(this.name, StoredText.of(connection));
	}

	/**
	 * Return what writes the table during the run that began in a schema which held
	 * nothing: each row but its last one says that it goes on.
	 * @param connection a connection to the database
	 * @param lastRank the rank of the last row of that run
	 * @return the writer, of a table that
	 * {@linkplain HistoryLayout#tellsOfFirstRun(Connection) tells of it}
	 * @throws SQLException if the connection is none to PostgreSQL
	 */
	public HistoryWriter writerOfFirstRun(Connection connection, int lastRank) throws SQLException {
		return new HistoryWrites(this.name, StoredText.of(connection), lastRank);
	}

	/**
	 * Return the statement that says of the first run that it has come to its end, where
	 * no row is left to be written that could say so.
	 * @param lastRank the rank of the last row
	 * @return the statement
	 */
	public String endFirstRun(int lastRank) {
		return "UPDATE " + this.name.qualified() + " SET " + HistoryRows.FIRST_RUN + " = false WHERE "
				+ Operators.qualified("rank = " + lastRank);
	}

	/**
	 * Tells whether an error says that another instance added a row since the history was
	 * read.
	 * @param error an error of a transaction that
	 * {@linkplain HistoryWriter#insert(HistoryRow) adds} a row
	 * @return whether the row's rank was taken
	 */
	public boolean isConflict(ServerError error) {
		return error.is(UNIQUE_VIOLATION) && PlainText.line(this.name.name()).equals(error.table());
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

}
