package dev.tidemark.session.lock;

import dev.tidemark.session.watch.AwaitedLock;
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

	/**
	 * Return the lock as somebody waits for it.
	 * @return the lock in the words of {@code pg_locks}
	 */
	public AwaitedLock awaited() {
		return new AwaitedLock(AwaitedLock.RELATION, this.mode.catalogueName(), this.name);
	}

	@Override
	public String toString() {
		return this.mode.sql() + " on " + this.name;
	}

}
