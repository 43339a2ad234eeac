package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code CREATE TRIGGER} and {@code CREATE CONSTRAINT TRIGGER}.
 *
 * @param name the trigger
 * @param table its table
 * @param orReplace whether an existing one is replaced
 * @param constraint whether it is a constraint trigger
 * @param from the other table of a constraint trigger, or {@code null}
 * @param timing when it fires
 * @param events the events in upper case, such as {@code INSERT}
 * @param forEachRow whether it fires for each row
 * @param when its condition, or {@code null} if there is none
 * @param function what it calls
 * @since 0.1.0
 */
public record CreateTrigger(String name, QualifiedName table, boolean orReplace, boolean constraint,
		@Nullable QualifiedName from, Timing timing, List<String> events, boolean forEachRow, @Nullable Expression when,
		QualifiedName function) implements Statement {

	/** Copies what it is given. */
	public CreateTrigger {
		events = List.copyOf(events);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	/**
	 * When a trigger fires.
	 *
	 * @since 0.1.0
	 */
	public enum Timing {

		/** Before the rows change. */
		BEFORE,

		/** After the rows have changed. */
		AFTER,

		/** Instead of a change. */
		INSTEAD_OF

	}

}
