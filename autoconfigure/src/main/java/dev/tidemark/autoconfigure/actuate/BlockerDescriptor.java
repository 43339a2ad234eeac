package dev.tidemark.autoconfigure.actuate;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.watch.Blocker;
import dev.tidemark.sql.PlainText;

/**
 * A session that is in the way of the migration. What the login may not see is
 * {@code null}.
 *
 * @param pid the process id of its backend; 0 for a prepared transaction
 * @param user its user
 * @param application its {@code application_name}
 * @param state what it is doing, such as {@code idle in transaction}
 * @param transactionMillis how long its transaction has been open, in milliseconds
 * @param statement the beginning of its last statement
 * @param grant the SQL that would show the rest, or {@code null} if all is shown
 * @since 0.1.0
 */
public record BlockerDescriptor(int pid, @Nullable String user, @Nullable String application, @Nullable String state,
		@Nullable Long transactionMillis, @Nullable String statement, @Nullable String grant) {

	/** Makes the texts fit to be shown, whoever has written them. */
	public BlockerDescriptor {
		user = PlainText.lineOrNull(user);
		application = PlainText.lineOrNull(application);
		state = PlainText.lineOrNull(state);
		statement = PlainText.lineOrNull(statement);
		grant = PlainText.lineOrNull(grant);
	}

	static BlockerDescriptor of(Blocker blocker) {
		return new BlockerDescriptor(blocker.pid(), blocker.user(), blocker.application(), blocker.state(),
				(blocker.transaction() != null) ? blocker.transaction().toMillis() : null, blocker.statement(),
				blocker.grant());
	}

}
