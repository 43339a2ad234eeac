package dev.tidemark.error;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Secrets;

/**
 * What an exception of somebody else's says, free of secrets and of the data of rows.
 * Wrappers repeat what the server said with all that it said, and quote the statement, so
 * where an exception goes back to one of the database, the server's words are told.
 */
public final class ThrownText {

	/** How many causes are looked at; more of them are a circle. */
	private static final int MOST_CAUSES = 50;

	private ThrownText() {
	}

	/**
	 * Describes an exception.
	 * @param thrown the exception
	 * @return its type and what it says
	 */
	public static String of(Throwable thrown) {
		if (thrown instanceof TidemarkException) {
			return thrown.toString();
		}
		SQLException sql = database(thrown);
		return (sql != null) ? thrown.getClass().getName() + ": " + ServerError.of(sql).message()
				: Secrets.mask(thrown.toString());
	}

	/** Returns the first exception of the database, if it goes back to one. */
	static @Nullable SQLException database(Throwable thrown) {
		Throwable cause = thrown;
		for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
			if (cause instanceof SQLException sql) {
				return sql;
			}
			cause = cause.getCause();
		}
		return null;
	}

}
