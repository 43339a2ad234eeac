package dev.tidemark.session.lock;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.watch.Activity;
import dev.tidemark.session.watch.SessionWords;
import dev.tidemark.sql.PlainText;

/**
 * The session that migrates: it holds the instance lock, or works on although a statement
 * of it has released that. What the login may not see of it is {@code null}.
 *
 * @param pid the process id of its backend
 * @param user its user
 * @param application its {@code application_name}
 * @param client the address it comes from; empty for a local socket
 * @param connected how long it has been connected
 * @param state what it is doing, such as {@code active}
 * @param statement the beginning of its last statement, without secrets
 * @param cut after how many characters the server has cut off that statement, or
 * {@code null} if it shows all of it
 * @param running how long that statement has been running, or how long ago it began
 * @param activity how far it is, and whom it waits for
 * @param grant the SQL that would let the login see the rest, or {@code null} if it sees
 * all
 * @param locked whether it holds the instance lock; if not, a statement of it has
 * released all advisory locks, and it takes this one again when that is through
 * @since 0.1.0
 */
public record LockHolder(int pid, @Nullable String user, @Nullable String application, @Nullable String client,
		@Nullable Duration connected, @Nullable String state, @Nullable String statement, @Nullable Integer cut,
		@Nullable Duration running, Activity activity, @Nullable String grant, boolean locked) {

	/** The state of a session that runs a statement. */
	private static final String ACTIVE = "active";

	/** Makes the names and texts fit to be shown: anybody may choose them. */
	public LockHolder {
		user = PlainText.lineOrNull(user);
		application = PlainText.lineOrNull(application);
		client = PlainText.lineOrNull(client);
		state = PlainText.lineOrNull(state);
		statement = PlainText.lineOrNull(statement);
	}

	/**
	 * Tells whether the session is running a statement, by the beginning of its text,
	 * which is all that the server shows.
	 */
	public boolean isRunning(String candidate, UnaryOperator<String> mask) {
		return isActive() && this.statement != null
				&& this.statement.equals(PlainText.lineOrNull(SessionWords.excerpt(cut(candidate), mask)));
	}

	/** Tells whether the session is seen to run a statement. */
	public boolean isActive() {
		return ACTIVE.equals(this.state);
	}

	private String cut(String text) {
		return (this.cut != null && text.codePointCount(0, text.length()) > this.cut)
				? text.substring(0, text.offsetByCodePoints(0, this.cut)) : text;
	}

	/** Returns the session in words. */
	@Override
	public String toString() {
		String from = "".equals(this.client) ? "a local socket" : this.client;
		return new SessionWords(this.pid).add(this.application)
			.add("user ", this.user, "")
			.add("from ", from, "")
			.add("connected for ", (this.connected != null) ? this.connected.toSeconds() : null, " s")
			.add("", this.locked ? null : "without the instance lock, which a statement of it has released", "")
			.add(this.state)
			.add("statement: ", this.statement, "")
			.add(this.activity.inWords())
				+ SessionWords.toSeeMore(Stream.concat(Stream.ofNullable(this.grant), this.activity.grants()));
	}

}
