package dev.tidemark.sql.script;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.SqlCommand;

import dev.tidemark.testkit.TestDatabase;

/**
 * Asks the server what it makes of a text. The text goes to it exactly as it is: the
 * driver neither splits it nor looks for parameters in it.
 */
final class ServerJudge implements AutoCloseable {

	private static final int FLAGS = QueryExecutor.QUERY_SUPPRESS_BEGIN | QueryExecutor.QUERY_ONESHOT
			| QueryExecutor.QUERY_BOTH_ROWS_AND_STATUS;

	private final Connection connection;

	private final QueryExecutor executor;

	ServerJudge(TestDatabase database) throws SQLException {
		this.connection = database.connect();
		this.executor = this.connection.unwrap(BaseConnection.class).getQueryExecutor();
	}

	/**
	 * Lets the server parse a text by the extended protocol, which takes one statement at
	 * most.
	 * @param sql the text
	 * @throws SQLException with SQLSTATE 42601 if it is more than one
	 */
	void parse(String sql) throws SQLException {
		send(sql, FLAGS | QueryExecutor.QUERY_DESCRIBE_ONLY);
	}

	/**
	 * Lets the server run a text by the simple protocol, which takes any number of
	 * statements.
	 * @param sql the text
	 * @return the tag of each command that the server completed, {@code EMPTY} for a text
	 * without any
	 */
	List<String> run(String sql) throws SQLException {
		return send(sql, FLAGS | QueryExecutor.QUERY_EXECUTE_AS_SIMPLE);
	}

	/**
	 * Runs a statement inside a transaction block, which is rolled back.
	 * @param sql the statement
	 * @return the SQLSTATE of its failure, or {@code null} if it was successful
	 */
	@Nullable String stateInTransaction(String sql) throws SQLException {
		run("BEGIN");
		try {
			run(sql);
			return null;
		}
		catch (SQLException ex) {
			return ex.getSQLState();
		}
		finally {
			run("ROLLBACK");
		}
	}

	private List<String> send(String sql, int flags) throws SQLException {
		List<String> tags = new ArrayList<>();
		boolean manyStatements = (flags & QueryExecutor.QUERY_EXECUTE_AS_SIMPLE) != 0;
		Query query = this.executor.wrap(List.of(new NativeQuery(sql, null, manyStatements, SqlCommand.BLANK)));
		this.executor.execute(query, null, new ResultHandlerBase() {

			@Override
			public void handleCommandStatus(String status, long updateCount, long insertOID) {
				tags.add(status);
			}

			@Override
			public void handleWarning(SQLWarning warning) {
				// Warnings do not change what a statement is.
			}

		}, 0, 0, flags);
		return tags;
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
