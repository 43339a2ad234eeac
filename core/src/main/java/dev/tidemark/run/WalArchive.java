package dev.tidemark.run;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ServerError;
import dev.tidemark.sql.Operators;

/**
 * What the server tells of the archive of its write-ahead log. A restore up to a point
 * needs the log up to there; a tool that reads it as a replica does is not seen here.
 */
public sealed interface WalArchive {

	/**
	 * Return how the archive is, as a few words for people.
	 * @return the words
	 */
	String inWords();

	/** Asks a server. What it does not answer is not known. */
	static WalArchive of(Connection connection) {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(Operators
					.qualified("SELECT pg_catalog.current_setting('archive_mode'), pg_catalog.date_part('epoch',"
							+ " pg_catalog.clock_timestamp() - last_archived_time), (last_failed_time >"
							+ " COALESCE(last_archived_time, '-infinity'::pg_catalog.timestamptz))"
							+ " FROM pg_catalog.pg_stat_archiver"))) {
			if (!results.next()) {
				return new Unknown("the server has no row in pg_stat_archiver");
			}
			if (results.getString(1).equals("off")) {
				return new Off();
			}
			double seconds = results.getDouble(2);
			return new On(results.wasNull() ? null : Duration.ofSeconds(Math.max(0, (long) seconds)),
					results.getBoolean(3));
		}
		catch (SQLException ex) {
			return new Unknown(ServerError.of(ex).message());
		}
	}

	/** The server archives nothing. */
	record Off() implements WalArchive {

		@Override
		public String inWords() {
			return "the server archives none (archive_mode is off)";
		}

	}

	/**
	 * The server archives its log.
	 *
	 * @param age how long ago it has archived the last segment, or {@code null} if it has
	 * archived none since its statistics began
	 * @param failing whether the last attempt has failed
	 */
	record On(@Nullable Duration age, boolean failing) implements WalArchive {

		@Override
		public String inWords() {
			if (this.age == null) {
				return "the server has archived no segment since its statistics began"
						+ (this.failing ? ", and the last attempt has failed" : "");
			}
			return "the last segment was archived " + this.age.toSeconds() + " s ago"
					+ (this.failing ? ", and the last attempt since then has failed" : "");
		}

	}

	/**
	 * It could not be found out.
	 *
	 * @param reason why
	 */
	record Unknown(String reason) implements WalArchive {

		@Override
		public String inWords() {
			return "not known, since " + this.reason;
		}

	}

}
