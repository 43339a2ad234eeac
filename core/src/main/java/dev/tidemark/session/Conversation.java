package dev.tidemark.session;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.watch.StatementWatch;

/**
 * What a session says to its server and hears from it. Whoever watches the session is
 * told when it waits for an answer.
 */
final class Conversation {

	private final ServerConnection connection;

	private final SimpleProtocol protocol;

	private @Nullable StatementWatch watch;

	private @Nullable SQLException overheard;

	private volatile long spoke = System.nanoTime();

	Conversation(ServerConnection connection, SimpleProtocol protocol) {
		this.connection = connection;
		this.protocol = protocol;
	}

	/** Lets somebody watch from now on. */
	void beWatchedBy(StatementWatch listener) {
		this.watch = listener;
	}

	/**
	 * Sends messages one behind the other, without waiting in between.
	 * @param messages as {@link SimpleProtocol#send} takes them
	 * @param completed is called whenever the server has completed a command
	 * @return how many rows the last command returned or changed
	 */
	long send(List<String> messages, Runnable completed) throws SQLException {
		StatementWatch listener = begin(messages.stream().mapToLong(String::length).sum());
		try {
			return this.protocol.send(messages, () -> {
				this.spoke = System.nanoTime();
				completed.run();
			});
		}
		finally {
			end(listener);
		}
	}

	/**
	 * Sends messages as {@link #send} does, and hears what each command answered.
	 * @param answered is called whenever the server has completed a command
	 */
	void ask(List<String> messages, Consumer<CommandAnswer> answered) throws SQLException {
		StatementWatch listener = begin(messages.stream().mapToLong(String::length).sum());
		try {
			this.protocol.ask(messages, (answer) -> {
				this.spoke = System.nanoTime();
				answered.accept(answer);
			});
		}
		finally {
			end(listener);
		}
	}

	/** Sends the rows of a {@code COPY}. */
	void copy(String sql, CharSequence rows) throws SQLException {
		StatementWatch listener = begin(rows.length());
		try {
			CopyStream.send(this.connection.jdbc(), sql, rows, () -> this.spoke = System.nanoTime());
		}
		finally {
			end(listener);
		}
	}

	private @Nullable StatementWatch begin(long characters) {
		this.spoke = System.nanoTime();
		if (this.watch != null) {
			this.watch.sent(characters);
		}
		return this.watch;
	}

	private static void end(@Nullable StatementWatch listener) {
		if (listener != null) {
			listener.answered();
		}
	}

	/** Returns for how long the session has waited for the server since it last spoke. */
	Duration silence() {
		return Duration.ofNanos(System.nanoTime() - this.spoke);
	}

	/** Hears what the server said to somebody else who asked on the same connection. */
	void overhear(SQLException last) {
		if (this.overheard == null && !this.connection.isAlive()) {
			this.overheard = last;
		}
	}

	/** Returns what the server said before it hung up, if it said anything. */
	@Nullable SQLException farewell() {
		SQLException farewell = this.protocol.farewell();
		return (farewell != null) ? farewell : this.overheard;
	}

}
