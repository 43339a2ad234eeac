package dev.tidemark.session;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;

import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Sends the rows of a {@code COPY} piece by piece, so that a large dump is never held
 * twice.
 */
final class CopyStream {

	private static final int PIECE = 32 * 1024;

	private CopyStream() {
	}

	/**
	 * Sends the rows.
	 * @param sql the {@code COPY}
	 * @param sent is called whenever a piece was sent
	 */
	static void send(Connection connection, String sql, CharSequence rows, Runnable sent) throws SQLException {
		CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
		try {
			for (int start = 0; start < rows.length();) {
				int end = Math.min(rows.length(), start + PIECE);
				if (end < rows.length() && Character.isHighSurrogate(rows.charAt(end - 1))) {
					end++;
				}
				byte[] bytes = rows.subSequence(start, end).toString().getBytes(StandardCharsets.UTF_8);
				copy.writeToCopy(bytes, 0, bytes.length);
				sent.run();
				start = end;
			}
			copy.endCopy();
		}
		finally {
			if (copy.isActive()) {
				copy.cancelCopy();
			}
		}
	}

}
