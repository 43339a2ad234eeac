package dev.tidemark.run;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.PlainText;

/**
 * A session that a statement waits for.
 *
 * @param pid the process id of its backend
 * @param user its user
 * @param application its {@code application_name}
 * @param state what it is doing, such as {@code idle in transaction}
 * @param transaction how long its transaction has been open
 * @param statement the beginning of its last statement, without secrets
 */
public record Blocker(int pid, @Nullable String user, @Nullable String application, @Nullable String state,
		Duration transaction, @Nullable String statement) {

	/** Makes the names and texts fit to be shown: anybody may choose them. */
	public Blocker {
		user = PlainText.lineOrNull(user);
		application = PlainText.lineOrNull(application);
		state = PlainText.lineOrNull(state);
		statement = PlainText.lineOrNull(statement);
	}

	/** Returns the session in words. */
	@Override
	public String toString() {
		return "pid " + this.pid + " (" + this.application + ", user " + this.user + ", " + this.state
				+ ", transaction open for " + this.transaction.toMillis() + " ms: " + this.statement + ")";
	}

}
