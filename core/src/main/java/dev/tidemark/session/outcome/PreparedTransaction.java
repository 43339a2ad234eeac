package dev.tidemark.session.outcome;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.StringLiteral;

/**
 * A transaction that is prepared for a two-phase commit: it belongs to no session any
 * more, is neither committed nor rolled back, and holds its locks until somebody ends it.
 *
 * @param gid its name
 * @since 0.1.0
 */
public record PreparedTransaction(String gid) {

	/** The transactions of this database; there are few of them. */
	private static final String OF_DATABASE = " FROM pg_catalog.pg_prepared_xacts"
			+ " WHERE database = pg_catalog.current_database() AND ";

	/** Returns a query for the name of a transaction, if that is prepared. */
	public static String query(String transaction) {
		return "SELECT gid" + OF_DATABASE + isTransaction(transaction);
	}

	private static String isTransaction(String transaction) {
		return "transaction = '" + transaction + "'::pg_catalog.xid8::pg_catalog.xid";
	}

	/** Returns the prepared transaction of an id, or {@code null} if there is none. */
	public static @Nullable PreparedTransaction of(Connection connection, String transaction) throws SQLException {
		List<PreparedTransaction> found = find(connection, query(transaction));
		return found.isEmpty() ? null : found.get(0);
	}

	/**
	 * Finds those that this login has prepared, or a session like its own, since then.
	 */
	public static List<PreparedTransaction> since(Connection connection, String time) throws SQLException {
		return find(connection, "SELECT gid" + OF_DATABASE + "prepared >= " + StringLiteral.quote(time)
				+ "::pg_catalog.timestamptz AND (owner = SESSION_USER OR owner = CURRENT_USER) ORDER BY prepared");
	}

	private static List<PreparedTransaction> find(Connection connection, String query) throws SQLException {
		List<PreparedTransaction> found = new ArrayList<>();
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(Operators.qualified(query))) {
			while (results.next()) {
				found.add(new PreparedTransaction(results.getString(1)));
			}
		}
		return found;
	}

	/** Says that some may be the work of the code that has lost its own transaction. */
	public static String perhaps(List<PreparedTransaction> found) {
		return found.isEmpty() ? ""
				: " Since it began, this login has prepared "
						+ found.stream().map(PreparedTransaction::literal).collect(Collectors.joining(", "))
						+ ", perhaps in this code: see pg_prepared_xacts, and end by ROLLBACK PREPARED what is not"
						+ " meant to stay.";
	}

	/**
	 * Says that code has prepared the transaction that it ran in.
	 * @param what what the code is of
	 * @param migration whether that is a migration, and no callback
	 * @param place where the code is, if that is known
	 * @param failed what the code has thrown after it, as the end of a sentence
	 */
	public Problem problem(String what, boolean migration, @Nullable Place place, String failed) {
		String rolledBack = "ROLLBACK PREPARED " + literal() + ";";
		String committed = "COMMIT PREPARED " + literal() + ";";
		return Problem.error(ErrorCode.CODE_PREPARED, place,
				"The code of " + what + " prepared the transaction that it ran in (PREPARE TRANSACTION)" + failed + ".",
				"Remove the PREPARE TRANSACTION from the code. Then end what is prepared: " + rolledBack
						+ " is right, as what is prepared lacks its row in the history. Only if all of its work is to stay: "
						+ committed + " "
						+ (migration ? "Decide after it what became of the migration; the next start says how:"
								: "Was it the transaction of a migration, the next start asks what became of that:")
						+ " after ROLLBACK PREPARED it is undone, after COMMIT PREPARED it is applied.")
			.withState("The transaction is neither committed nor rolled back. It is prepared under the name "
					+ literal()
					+ ", and holds its locks, over a restart of the server too, until it is ended by that name.");
	}

	private String literal() {
		return PlainText.line(StringLiteral.quote(this.gid));
	}

}
