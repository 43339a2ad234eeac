package dev.tidemark.session.lock;

import java.sql.SQLException;
import java.util.Optional;

import dev.tidemark.session.Session;

/**
 * The advisory lock of one instance that works while others wait for it to end: it is
 * taken only if it is free, and looked at again and again. It belongs to the session and
 * goes with it, however the session ends.
 *
 * @since 0.1.0
 */
public final class Lease {

	private final Session session;

	private final LockKey key;

	/**
	 * Makes a lease that is not held yet.
	 * @param session the session that shall hold it, which runs nothing of users
	 * @param purpose what it is for; there is one for each database
	 */
	public Lease(Session session, LockPurpose purpose) {
		this.session = session;
		this.key = LockKey.of("", purpose);
	}

	/**
	 * Takes the lease if it is free.
	 * @return whether this session holds it now
	 */
	public boolean take() throws SQLException {
		return this.session.hasRow("SELECT 1 WHERE pg_catalog.pg_try_advisory_lock(" + this.key.value() + ")");
	}

	/** Lets somebody else have it. */
	public void leave() throws SQLException {
		this.session.execute("SELECT pg_catalog.pg_advisory_unlock(" + this.key.value() + ")");
	}

	/** Returns who holds it, empty if it is free. */
	public Optional<LockHolder> holder() throws SQLException {
		return LockHolders.find(this.session.connection(), this.key, this.session.settings().mask());
	}

}
