package dev.tidemark.run.progress;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.run.failure.Origin;
import dev.tidemark.session.watch.WatchedWork;
import dev.tidemark.sql.script.SqlStatement;

/**
 * What a session does for a migration or a callback; a new one for each time it is busy.
 * Log lines and the endpoint tell of it from here.
 *
 * @since 0.1.0
 */
public final class Work implements WatchedWork {

	private final Origin origin;

	private final @Nullable SqlStatement statement;

	private final boolean commit;

	private final long begin = System.nanoTime();

	private Work(Origin origin, @Nullable SqlStatement statement, boolean commit) {
		this.origin = origin;
		this.statement = statement;
		this.commit = commit;
	}

	/** Returns the work of a statement, or if none is given, of code as a whole. */
	public static Work of(Origin origin, @Nullable SqlStatement statement) {
		return new Work(origin, statement, false);
	}

	/** Returns the work of a commit and of our own writes before it. */
	public static Work commit(Origin origin) {
		return new Work(origin, null, true);
	}

	Origin origin() {
		return this.origin;
	}

	@Nullable SqlStatement statement() {
		return this.statement;
	}

	boolean isCommit() {
		return this.commit;
	}

	@Override
	public Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.begin);
	}

	/** Returns what it is in words. */
	@Override
	public String toString() {
		if (this.commit) {
			return "commit of " + this.origin.inWords();
		}
		return (this.statement != null) ? this.origin.inWords() + ", " + this.origin.place(this.statement)
				: this.origin.inWords();
	}

}
