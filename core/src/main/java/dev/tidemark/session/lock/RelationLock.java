package dev.tidemark.session.lock;

import dev.tidemark.statement.LockMode;

/**
 * A lock that a statement will take on a relation that is there already.
 *
 * @param relation the OID of the relation in {@code pg_class}
 * @param name the name of the relation as SQL, with its schema
 * @param mode how strongly it will be locked
 * @since 0.1.0
 */
public record RelationLock(long relation, String name, LockMode mode) {

	@Override
	public String toString() {
		return this.mode.sql() + " on " + this.name;
	}

}
