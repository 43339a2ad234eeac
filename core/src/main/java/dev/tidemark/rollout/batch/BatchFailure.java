package dev.tidemark.rollout.batch;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;

/**
 * A batch failed, and was rolled back unless nobody knows.
 *
 * @since 0.1.0
 */
public final class BatchFailure extends Exception {

	private static final long serialVersionUID = 1L;

	private final Kind kind;

	private final transient @Nullable ServerError server;

	private final transient @Nullable Place place;

	private final transient @Nullable Problem problem;

	/**
	 * Makes a failure of what the server said.
	 * @param server what it said
	 * @param place where in the file, or {@code null}
	 * @param cause the exception
	 */
	public BatchFailure(ServerError server, @Nullable Place place, @Nullable SQLException cause) {
		super(server.message(), (cause != null) ? ServerError.withoutSecrets(cause) : null);
		this.kind = Kind.of(server);
		this.server = server;
		this.place = place;
		this.problem = null;
	}

	/**
	 * Makes a failure that says itself what it is.
	 * @param kind what follows from it
	 * @param problem what it is
	 */
	public BatchFailure(Kind kind, Problem problem) {
		super(problem.what());
		this.kind = kind;
		this.server = problem.server();
		this.place = problem.place();
		this.problem = problem;
	}

	private BatchFailure(Kind kind, BatchFailure other) {
		super(other.getMessage(), other.getCause());
		this.kind = kind;
		this.server = other.server;
		this.place = other.place;
		this.problem = other.problem;
	}

	/** Returns the same failure, of which something else follows. */
	public BatchFailure as(Kind other) {
		return new BatchFailure(other, this);
	}

	public Kind kind() {
		return this.kind;
	}

	public @Nullable ServerError server() {
		return this.server;
	}

	public @Nullable Place place() {
		return this.place;
	}

	/** Returns what it is, {@code null} if only the server has said something. */
	public @Nullable Problem problem() {
		return this.problem;
	}

	/**
	 * What follows from a failure.
	 *
	 * @since 0.1.0
	 */
	public enum Kind {

		/** It took too long or met somebody else's: again with fewer keys. */
		PASSING,

		/** The values of a row break a rule: down to that row. */
		ROW,

		/** The session has ended, and nobody knows yet whether the batch is committed. */
		LOST,

		/** Somebody else has moved the position. */
		MOVED,

		/** Its part of the table is none any more. */
		GONE,

		/** It would fail again. */
		LASTING;

		private static final String[] PASSING_STATES = { "40001", "40P01", "55P03", "57014", "53", "55006", "25P04" };

		private static final String[] ROW_STATES = { "21", "22", "23", "44", "P0", "38", "39" };

		static Kind of(ServerError server) {
			if (server.isConnectionLost()) {
				return LOST;
			}
			if (isOf(server, PASSING_STATES)) {
				return PASSING;
			}
			return (server.raised() || isOf(server, ROW_STATES)) ? ROW : LASTING;
		}

		private static boolean isOf(ServerError server, String[] states) {
			for (String state : states) {
				if (server.is(state)) {
					return true;
				}
			}
			return false;
		}

	}

}
