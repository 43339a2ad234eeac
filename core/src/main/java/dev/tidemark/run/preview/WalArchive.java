package dev.tidemark.run.preview;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.Archiver;
import dev.tidemark.error.ServerError;

/**
 * What the server tells of the archive of its write-ahead log. A restore up to a point
 * needs the log up to there; a tool that reads it as a replica does is not seen here.
 *
 * @since 0.1.0
 */
public sealed interface WalArchive {

	/**
	 * Return how the archive is, as a few words for people.
	 * @return the words
	 */
	String inWords();

	/** Asks a server. What it does not answer is not known. */
	static WalArchive of(Connection connection) {
		try {
			Archiver archiver = Archiver.read(connection);
			if (archiver == null) {
				return new Unknown("the server has no row in pg_stat_archiver");
			}
			return archiver.on() ? new On(archiver.age(), archiver.failing()) : new Off();
		}
		catch (SQLException ex) {
			return new Unknown(ServerError.of(ex).message());
		}
	}

	/**
	 * The server archives nothing.
	 *
	 * @since 0.1.0
	 */
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
	 * @since 0.1.0
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
	 * @since 0.1.0
	 */
	record Unknown(String reason) implements WalArchive {

		@Override
		public String inWords() {
			return "not known, since " + this.reason;
		}

	}

}
