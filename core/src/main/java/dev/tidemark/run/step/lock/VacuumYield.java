package dev.tidemark.run.step.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.RelationHolder;
import dev.tidemark.session.settings.Setting;
import dev.tidemark.statement.LockMode;

/**
 * Lets autovacuums give way. The server ends an ordinary one for whoever has waited for
 * it longer than its {@code deadlock_timeout}. That is too long to queue for a strong
 * lock, so it is waited for a lock first that is in no reader's or writer's way, and
 * keeps other autovacuums out until the strong one is there.
 */
final class VacuumYield {

	/** How long the server may need to end one. */
	private static final Duration MARGIN = Duration.ofMillis(500);

	private static final Logger logger = PlainLogger.of(VacuumYield.class);

	private final Session session;

	private final LockNeeds.Extent extent;

	/** The transactions of those that were waited for in vain. */
	private final Set<String> stayed = new HashSet<>();

	VacuumYield(Session session, LockNeeds.Extent extent) {
		this.session = session;
		this.extent = extent;
	}

	/** Tells whether somebody in the way is worth to be asked to give way. */
	static boolean isPossible(List<RelationHolder> inTheWay) {
		return inTheWay.stream().anyMatch((holder) -> holder.kind() == RelationHolder.Kind.AUTOVACUUM);
	}

	/** Tells whether an autovacuum was waited for in vain. */
	boolean hasStayed(RelationHolder vacuum) {
		return this.stayed.contains(vacuum.transaction());
	}

	/**
	 * Waits until the autovacuums in the way are gone.
	 * @param inTheWay who is in the way
	 * @return how to go on in the transaction that keeps others out, or at the beginning
	 * of what has no transaction; {@code null} if they have stayed
	 */
	@Nullable Opening await(List<RelationHolder> inTheWay) {
		List<RelationHolder> vacuums = inTheWay.stream()
			.filter((holder) -> holder.kind() == RelationHolder.Kind.AUTOVACUUM)
			.toList();
		try {
			Setting before = Setting.read(this.session.connection(), "lock_timeout");
			this.session.execute(waiting(vacuums));
			if (this.extent == LockNeeds.Extent.STATEMENT) {
				this.session.execute("COMMIT");
				return Opening.BEGIN;
			}
			this.session.execute("SELECT " + before.sqlWithinTransaction());
			return Opening.OPEN;
		}
		catch (SQLException ex) {
			this.session.overhear(ex);
			logger.debug("{} gave no way: {}", vacuums, this.session.errorOf(ex));
			vacuums.forEach((vacuum) -> this.stayed.add(vacuum.transaction()));
			rollBack();
			return null;
		}
	}

	private String waiting(List<RelationHolder> vacuums) throws SQLException {
		long timeout = Long.parseLong(Setting.read(this.session.connection(), "deadlock_timeout").value());
		Setting patience = new Setting("lock_timeout", Duration.ofMillis(timeout).plus(MARGIN));
		StringJoiner sql = new StringJoiner("; ");
		sql.add(Session.BEGIN).add("SELECT " + patience.sqlWithinTransaction());
		vacuums.stream()
			.map((vacuum) -> vacuum.wanted().name())
			.distinct()
			.forEach((table) -> sql
				.add("LOCK TABLE ONLY " + table + " IN " + LockMode.SHARE_UPDATE_EXCLUSIVE.sql() + " MODE"));
		return sql.toString();
	}

	/** If not even that works, the attempt will tell. */
	private void rollBack() {
		try {
			this.session.rollBack();
		}
		catch (SQLException ex) {
			logger.debug("The wait for autovacuums could not be rolled back: {}", this.session.errorOf(ex));
		}
	}

}
