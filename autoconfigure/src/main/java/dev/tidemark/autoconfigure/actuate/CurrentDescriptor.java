package dev.tidemark.autoconfigure.actuate;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.inspect.Current;
import dev.tidemark.sql.PlainText;

/**
 * What is being done in a database right now. What is not known is {@code null}.
 *
 * @param state {@code looking}, {@code running}, {@code waiting-for-lock}, {@code paused}
 * until the next attempt, {@code committing} or {@code waiting-for-instance}
 * @param here whether it is a run of this instance
 * @param pid the process id of the backend that works for it
 * @param version the version, or {@code null} for a repeatable
 * @param name the name, or {@code null} if it has a version
 * @param undo {@code true} if the migration is being undone, else {@code null}
 * @param script the file or class that runs
 * @param statement the number of the statement in its file, from 1
 * @param statements how many statements the file has
 * @param line the first line of the statement in its file, from 1
 * @param excerpt the beginning of the statement on one line, without secrets
 * @param since since when it has been doing this
 * @param sinceMillis how long that is, in milliseconds
 * @param attempt which attempt to get its locks it is, from 1
 * @param lock the lock that it waits for, or will queue for
 * @param nextOn when the next attempt is due
 * @param blockers the sessions for whose end it looks before it queues for the lock;
 * {@code null} if it does not look
 * @since 0.1.0
 */
public record CurrentDescriptor(String state, boolean here, @Nullable Integer pid, @Nullable String version,
		@Nullable String name, @Nullable Boolean undo, @Nullable String script, @Nullable Integer statement,
		@Nullable Integer statements, @Nullable Integer line, @Nullable String excerpt, @Nullable Instant since,
		@Nullable Long sinceMillis, @Nullable Integer attempt, @Nullable LockDescriptor lock, @Nullable Instant nextOn,
		@Nullable List<BlockerDescriptor> blockers) {

	/** Makes the texts fit to be shown, whoever has written them. */
	public CurrentDescriptor {
		state = PlainText.line(state);
		version = PlainText.lineOrNull(version);
		name = PlainText.lineOrNull(name);
		script = PlainText.lineOrNull(script);
		excerpt = PlainText.lineOrNull(excerpt);
	}

	static @Nullable CurrentDescriptor of(@Nullable Current current) {
		return (current != null) ? describe(current) : null;
	}

	private static @Nullable List<BlockerDescriptor> blockers(Current current) {
		return current.inTheWay().isEmpty() ? null : current.inTheWay().stream().map(BlockerDescriptor::of).toList();
	}

	private static CurrentDescriptor describe(Current current) {
		Identity migration = current.migration();
		MigrationVersion version = (migration != null) ? migration.version() : null;
		String name = (migration != null && version == null) ? migration.toString() : null;
		return new CurrentDescriptor(current.state().toString(), current.here(), current.pid(),
				(version != null) ? version.toString() : null, name, current.undo() ? true : null, current.script(),
				current.statement(), current.statements(), current.line(), current.excerpt(), current.since(),
				(current.elapsed() != null) ? current.elapsed().toMillis() : null, current.attempt(),
				LockDescriptor.of(current.lock()), current.nextAttempt(), blockers(current));
	}

}
