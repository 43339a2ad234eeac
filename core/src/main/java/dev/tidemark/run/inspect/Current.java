package dev.tidemark.run.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Identity;
import dev.tidemark.session.lock.LockHolder;
import dev.tidemark.session.watch.AwaitedLock;
import dev.tidemark.session.watch.Blocker;
import dev.tidemark.sql.PlainText;

/**
 * What is being done in a database right now. Of a run of this instance that is known
 * from the run itself, also within a transaction that nobody else can look into; of a run
 * elsewhere it is what the server and the history show of it. What is not known is
 * {@code null}.
 *
 * @param state what the run is doing
 * @param here whether it is a run of this instance
 * @param pid the process id of the backend that works for it, or {@code null} as long as
 * it waits for its turn
 * @param migration the migration, or {@code null} if it is at none, or that is not known
 * @param undo whether the migration is being undone
 * @param script the file or class that runs: that of the migration, or of a callback
 * @param statement the number of the statement that runs in its file, from 1
 * @param statements how many statements the file has
 * @param line the line at which the statement begins in the file
 * @param excerpt the beginning of the statement, without secrets
 * @param since since when it has been doing this: the statement, or else the migration,
 * or what the state says
 * @param elapsed how long that is
 * @param attempt which attempt it is to get the locks that are needed, from 1
 * @param lock the lock that it waits for
 * @param nextAttempt when the next attempt is due, or {@code null} if it does not pause
 * @param inTheWay the sessions for whose end it looks before it queues for the lock; none
 * in any other state
 * @since 0.1.0
 */
public record Current(State state, boolean here, @Nullable Integer pid, @Nullable Identity migration, boolean undo,
		@Nullable String script, @Nullable Integer statement, @Nullable Integer statements, @Nullable Integer line,
		@Nullable String excerpt, @Nullable Instant since, @Nullable Duration elapsed, @Nullable Integer attempt,
		@Nullable AwaitedLock lock, @Nullable Instant nextAttempt, List<Blocker> inTheWay) {

	/**
	 * What a run is doing.
	 *
	 * @since 0.1.0
	 */
	public enum State {

		/** Another instance migrates, and has to end first. */
		WAITING_FOR_INSTANCE,

		/**
		 * It looks, and does not queue for its locks yet: somebody is in the way for whom
		 * that is not worth it, so that others would have to wait for long.
		 */
		LOOKING,

		/** Something runs. */
		RUNNING,

		/** The statement that runs waits for a lock. */
		WAITING_FOR_LOCK,

		/** An attempt did not get its lock and was rolled back; the next one is due. */
		PAUSED,

		/** What has run is being committed. */
		COMMITTING;

		/** Returns the name that the endpoint uses, such as {@code waiting-for-lock}. */
		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

	/** Makes the texts fit to be shown, whoever has written them. */
	public Current {
		script = PlainText.lineOrNull(script);
		excerpt = PlainText.lineOrNull(excerpt);
		inTheWay = List.copyOf(inTheWay);
	}

	/**
	 * Returns the same with what the server shows of the backend: whether it waits for a
	 * lock.
	 * @param holder the session that migrates, or {@code null} if none was seen
	 * @return what is being done
	 */
	public Current seenBy(@Nullable LockHolder holder) {
		boolean same = holder != null && this.pid != null && this.pid == holder.pid();
		AwaitedLock awaited = (same && holder != null) ? holder.activity().lock() : null;
		if (awaited == null || this.state != State.RUNNING) {
			return this;
		}
		return new Current(State.WAITING_FOR_LOCK, this.here, this.pid, this.migration, this.undo, this.script,
				this.statement, this.statements, this.line, this.excerpt, this.since, this.elapsed, this.attempt,
				awaited, null, List.of());
	}

	/** Returns what is being done in words, fit for a line of a log. */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(this.state.toString());
		if (this.migration != null) {
			text.append(this.undo ? ", undo of " : ", ").append(this.migration.inWords());
		}
		if (this.script != null) {
			text.append(", ").append(this.script);
		}
		if (this.statement != null) {
			text.append(", statement ").append(this.statement);
			if (this.statements != null) {
				text.append(" of ").append(this.statements);
			}
		}
		if (this.line != null) {
			text.append(" at line ").append(this.line);
		}
		if (this.lock != null) {
			text.append(", ").append(this.lock);
		}
		if (!this.inTheWay.isEmpty()) {
			text.append(" is blocked by ")
				.append(this.inTheWay.stream().map(Blocker::toString).collect(Collectors.joining(" and ")));
		}
		if (this.elapsed != null) {
			text.append(", for ").append(this.elapsed.toMillis()).append(" ms");
		}
		return PlainText.line(text.toString());
	}

}
