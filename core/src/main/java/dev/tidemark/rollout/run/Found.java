package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.batch.LinkedTables;
import dev.tidemark.command.Engine;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.history.backfill.RecordedBackfill;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.batch.BackfillDefinition;
import dev.tidemark.session.Session;

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
 * @param behind which other one it waits for, in words, or {@code null}
 */
record Found(Engine engine, HistoryTable history, BackfillDefinition definition, BackfillState state,
		@Nullable RecordedBackfill recorded, @Nullable String waits, boolean required, @Nullable String behind) {

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
				now, this.waits, this.required, this.behind);
	}

	/** Returns the same, which waits for another one. */
	Found behind(String other) {
		return new Found(this.engine, this.history, this.definition, this.state, this.recorded, this.waits,
				this.required, other);
	}

	/** Returns whether it is not over. */
	boolean isLeft() {
		return this.state != BackfillState.FINISHED && this.state != BackfillState.CANCELLED;
	}

	/**
	 * Returns why another one, which comes later, must not begin before this one has
	 * ended, in words: it walks the same table, or one that a foreign key links to that
	 * of a backfill that has begun.
	 * @param session asks for tables and foreign keys
	 * @return the reason, {@code null} if it may begin
	 */
	@Nullable String holdsUp(Found later, Session session) throws SQLException {
		if (!isLeft() || !isOfSchema(later) || this.definition.version().compareTo(later.definition.version()) >= 0) {
			return null;
		}
		String words = "waits for backfill " + this.definition.version() + " (" + this.state + "), ";
		return switch (link(later, session)) {
			case SAME -> words + "which walks the same table";
			case BY_FOREIGN_KEY ->
				(this.recorded != null) ? words + "whose table a foreign key links to that of this one" : null;
			case NOT -> null;
		};
	}

	/** Returns whether another one is of the same schema. */
	boolean isOfSchema(Found other) {
		return this.history.qualifiedName().equals(other.history.qualifiedName());
	}

	private LinkedTables link(Found later, Session session) throws SQLException {
		List<String> one = this.definition.table();
		List<String> other = later.definition.table();
		return one.equals(other) ? LinkedTables.SAME : LinkedTables.of(session, this.history.schema(), one, other);
	}

}
