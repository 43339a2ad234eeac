package dev.tidemark.history;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.Severity;
import dev.tidemark.sql.PlainText;

/**
 * A whole row of the history: one run of a migration, with all that an operator asks
 * later.
 *
 * @param entry which migration, and what became of it
 * @param started when the run began
 * @param finished when it ended, or {@code null} while it runs
 * @param author on whose behalf it ran, and by which instance
 * @param failure why it failed, or {@code null}
 * @param note why a person decided about it, or {@code null}
 * @param original what another tool had recorded of it, or {@code null} if none had
 * @since 0.1.0
 */
public record HistoryRow(HistoryEntry entry, Instant started, @Nullable Instant finished, Author author,
		@Nullable Failure failure, @Nullable String note, @Nullable Original original) {

	/**
	 * Makes the row of a migration of our own.
	 * @param entry which migration, and what became of it
	 * @param started when the run began
	 * @param finished when it ended, or {@code null} while it runs
	 * @param author on whose behalf it ran, and by which instance
	 * @param failure why it failed, or {@code null}
	 * @param note why a person decided about it, or {@code null}
	 */
	public HistoryRow(HistoryEntry entry, Instant started, @Nullable Instant finished, Author author,
			@Nullable Failure failure, @Nullable String note) {
		this(entry, started, finished, author, failure, note, null);
	}

	/**
	 * Tells whether the row is what a person has said about a migration.
	 * @return {@code false} if it is a run
	 */
	public boolean isDecision() {
		return this.note != null && !this.entry.undo();
	}

	/** Returns the row in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line(this.entry + ", started " + this.started + " by " + this.author.installedBy()
				+ ((this.failure != null) ? ", failed with " + this.failure.code() : "")
				+ ((this.original != null) ? ", adopted from " + this.original : ""));
	}

	/**
	 * Who ran a migration.
	 *
	 * @param installedBy the configured name, or the database user
	 * @param application the name of the application, or {@code null}
	 * @param applicationVersion the version of the application, or {@code null}
	 * @param instance the host and process
	 * @param toolVersion the version of Tidemark
	 * @param deploymentId what all rows of one run of the engine share
	 * @param tag the name that people know the deployment by, or {@code null}
	 * @param restorePoint where the run began, if it could lose data, or {@code null}
	 * @since 0.1.0
	 */
	public record Author(String installedBy, @Nullable String application, @Nullable String applicationVersion,
			String instance, String toolVersion, String deploymentId, @Nullable String tag,
			@Nullable RestorePoint restorePoint) {

		/**
		 * Return the same author of a run that could lose data.
		 * @param point where the run began
		 * @return the author
		 */
		public Author since(RestorePoint point) {
			return new Author(this.installedBy, this.application, this.applicationVersion, this.instance,
					this.toolVersion, this.deploymentId, this.tag, point);
		}

		/**
		 * Return the same author on behalf of whom another tool has run a migration.
		 * @param user who ran it
		 * @return the author
		 */
		public Author onBehalfOf(String user) {
			return new Author(user, this.application, this.applicationVersion, this.instance, this.toolVersion,
					this.deploymentId, this.tag, this.restorePoint);
		}

		/** Returns who it was in words, fit for a line of a log. */
		@Override
		public String toString() {
			return PlainText.line(this.installedBy + " with " + this.application + " on " + this.instance);
		}

	}

	/**
	 * Why a run failed.
	 *
	 * @param code the stable code
	 * @param message what happened
	 * @param sqlState the server's SQLSTATE, or {@code null}
	 * @param line the line in the file, or {@code null}
	 * @param statement the beginning of the statement without secrets, or {@code null}
	 * @since 0.1.0
	 */
	public record Failure(String code, String message, @Nullable String sqlState, @Nullable Integer line,
			@Nullable String statement) {

		/** Makes the texts fit to be shown, whoever has written the row. */
		public Failure {
			code = PlainText.line(code);
			message = PlainText.lines(message);
			sqlState = PlainText.lineOrNull(sqlState);
			statement = PlainText.lineOrNull(statement);
		}

		/**
		 * Takes from a problem what the history keeps.
		 * @param problem an error
		 * @return the failure
		 */
		public static Failure of(Problem problem) {
			if (problem.severity() != Severity.ERROR) {
				throw new IllegalArgumentException("'problem' must be an error");
			}
			var server = problem.server();
			var place = problem.place();
			// The server's own message does not name the objects that are in the way.
			String message = (server != null && problem.code() != ErrorCode.DEPENDENT_OBJECTS) ? server.message()
					: problem.what();
			return new Failure(problem.code().code(), message, (server != null) ? server.sqlState() : null,
					(place != null) ? place.line() : null, (place != null) ? place.excerpt() : null);
		}

	}

}
