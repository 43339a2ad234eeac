package dev.tidemark.run.recovery;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ServerError;
import dev.tidemark.session.Session;
import dev.tidemark.sql.script.SqlStatement;

/**
 * What a concurrent command has left that the server ended with an error: such a command
 * commits in between, so it is not rolled back as a whole. An index that it has not
 * finished is of no use to anybody, and is dropped at once: the file may be corrected in
 * such a way that no later run knows of it.
 *
 * @since 0.1.0
 */
public final class Leftover {

	/**
	 * The object was there, or was not, before the command began: it has done nothing.
	 */
	private static final Set<String> NOT_BEGUN = Set.of("42P07", "42704", "42P01", "42703", "42601", "42501");

	/** For how long what clears up may wait for others. */
	private static final String PATIENCE = "5s";

	private final Session session;

	private final SqlStatement statement;

	public Leftover(Session session, SqlStatement statement) {
		this.session = session;
		this.statement = statement;
	}

	/**
	 * Looks for it in the catalogue, and clears it away as far as that is safe.
	 * @param error what the server said
	 * @return what was found and done as sentences for people, or {@code null} if there
	 * is nothing to tell
	 */
	public @Nullable String clear(@Nullable ServerError error) {
		if (error == null || NOT_BEGUN.contains(error.sqlState())) {
			return null;
		}
		try {
			if (!this.session.isAlive() || this.session.isInTransaction()) {
				return null;
			}
			return told(Recovery.examine(this.session.connection(), this.statement));
		}
		catch (SQLException ex) {
			return "What statement " + this.statement.number() + " has left could not be looked up: "
					+ this.session.errorOf(ex, this.statement).message() + ".";
		}
		catch (RuntimeException ex) {
			// The error of the server is what has to be told.
			return "What statement " + this.statement.number() + " has left could not be looked up ("
					+ ex.getClass().getName() + ").";
		}
	}

	private @Nullable String told(Verdict verdict) throws SQLException {
		String seen = "Of statement " + this.statement.number() + ": " + masked(verdict.seen());
		if (verdict instanceof Verdict.Done done) {
			return done.completion().isEmpty() ? null
					: seen + " The next start completes it, if the statement stays as it is; by hand: "
							+ listed(done.completion());
		}
		if (verdict instanceof Verdict.NotDone notDone) {
			return notDone.cleanup().isEmpty() ? seen : seen + " " + drop(notDone.cleanup());
		}
		if (verdict instanceof Verdict.Undecided) {
			return seen;
		}
		throw new IllegalStateException("Unknown kind of verdict: " + verdict.getClass());
	}

	private String drop(List<String> cleanup) throws SQLException {
		String timeout = this.session.swapLockTimeout(PATIENCE);
		try {
			for (String sql : cleanup) {
				this.session.execute(sql);
			}
			return "That was cleared away: " + listed(cleanup);
		}
		catch (SQLException ex) {
			if (!this.session.isAlive()) {
				throw ex;
			}
			return "That could not be cleared away at once (" + this.session.errorOf(ex, this.statement).message()
					+ "). The next start does so, if the statement stays as it is; by hand: " + listed(cleanup);
		}
		finally {
			if (this.session.isAlive()) {
				this.session.swapLockTimeout(timeout);
			}
		}
	}

	private String listed(List<String> statements) {
		return masked(String.join("; ", statements)) + ";";
	}

	private String masked(String text) {
		return this.statement.mask(this.session.settings().mask().apply(text));
	}

}
