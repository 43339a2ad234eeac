package dev.tidemark.rollout.run;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.batch.LinkedTables;
import dev.tidemark.command.Engine;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.history.backfill.RecordedBackfill;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.batch.BackfillDefinition;
import dev.tidemark.session.Session;
import dev.tidemark.sql.Identifiers;

/**
 * A backfill of the files, as one look at one schema has found it.
 *
 * @param engine what works on it
 * @param history the history that it is of, in its schema
 * @param definition what it is
 * @param state its state
 * @param recorded what is recorded of it, {@code null} if it has not begun
 * @param waits why it cannot begin, in words, or {@code null} if it can
 * @param required whether this build does not serve before it is finished
 */
record Found(Engine engine, HistoryTable history, BackfillDefinition definition, BackfillState state,
		@Nullable RecordedBackfill recorded, @Nullable String waits, boolean required) {

	BackfillTable records() {
		return BackfillTable.of(this.history);
	}

	/** Returns whether an instance can work on it now. */
	boolean canGoOn() {
		return switch (this.state) {
			case WAITING -> this.waits == null;
			case RUNNING, VERIFYING -> true;
			case PAUSED, UNVERIFIED, FAILED, CANCELLED, FINISHED -> false;
		};
	}

	/** Returns the same, of which something else is recorded now. */
	Found with(@Nullable RecordedBackfill now) {
		return new Found(this.engine, this.history, this.definition, (now != null) ? now.record().state() : this.state,
				now, this.waits, this.required);
	}

	/** Returns whether it is not over. */
	boolean isLeft() {
		return this.state != BackfillState.FINISHED && this.state != BackfillState.CANCELLED;
	}

	/**
	 * Returns whether another one, which comes later, must not begin before this one has
	 * ended: it walks the same table, or one that a foreign key links to that of a
	 * backfill that has begun.
	 * @param session asks for foreign keys
	 */
	boolean holdsUp(Found later, Session session) throws SQLException {
		if (!isLeft() || !this.history.qualifiedName().equals(later.history.qualifiedName())
				|| this.definition.version().compareTo(later.definition.version()) >= 0) {
			return false;
		}
		return this.definition.tableName().equals(later.definition.tableName())
				|| (this.recorded != null && isLinked(later, session));
	}

	private boolean isLinked(Found later, Session session) throws SQLException {
		String schema = this.history.schema();
		return LinkedTables.are(session, (schema != null) ? Identifiers.quote(schema) : "", this.definition.tableName(),
				later.definition.tableName());
	}

}
