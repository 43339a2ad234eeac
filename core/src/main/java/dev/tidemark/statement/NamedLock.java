package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * A lock on relations that a statement will take, as far as its text tells which.
 *
 * @param kind what the name is of; {@link ObjectKind#TABLE} for any relation that is not
 * known better
 * @param name the name; of a column or a constraint that of its table; {@code null} for
 * the current database
 * @param part the column or the constraint, or {@code null} if it is the whole
 * @param mode how strongly the relations are locked
 * @param reach which relations these are
 * @since 0.1.0
 */
public record NamedLock(ObjectKind kind, @Nullable QualifiedName name, @Nullable String part, LockMode mode,
		Reach reach) {

	static NamedLock of(QualifiedName relation, LockMode mode, Reach reach) {
		return new NamedLock(ObjectKind.TABLE, relation, null, mode, reach);
	}

	static NamedLock ofColumn(QualifiedName table, String column, LockMode mode, Reach reach) {
		return new NamedLock(ObjectKind.COLUMN, table, column, mode, reach);
	}

}
