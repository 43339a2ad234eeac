package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.Session;

/**
 * The order in which backfills are worked on: one after the other, by their versions. One
 * that cannot go on holds up those behind it that walk its table, or one that is linked
 * to it, and these hold up others in turn.
 */
final class WorkOrder {

	private final Session session;

	/** Those of each schema that cannot go on, or wait for one that cannot. */
	private final Map<String, List<Found>> stopped = new HashMap<>();

	/**
	 * Begins with nothing in the way.
	 * @param session asks for tables and foreign keys
	 */
	WorkOrder(Session session) {
		this.session = session;
	}

	/** Says that one cannot go on now. */
	WorkOrder behind(Found one) {
		if (one.isLeft()) {
			this.stopped.computeIfAbsent(one.history().qualifiedName(), (schema) -> new ArrayList<>()).add(one);
		}
		return this;
	}

	/**
	 * Returns those that can go on now.
	 * @param all backfills in order
	 */
	List<Found> free(List<Found> all) throws SQLException {
		List<Found> free = new ArrayList<>();
		for (Found one : all) {
			if (!one.canGoOn() || reason(one) != null) {
				behind(one);
			}
			else {
				free.add(one);
			}
		}
		return free;
	}

	/**
	 * Returns those that this build reads, with those before them that they would have to
	 * wait for: of one table, what comes first is done first, whoever reads it.
	 * @param free backfills that can go on, in order
	 */
	List<Found> required(List<Found> free) throws SQLException {
		Deque<Found> required = new ArrayDeque<>();
		for (int i = free.size() - 1; i >= 0; i--) {
			Found one = free.get(i);
			if (one.required() || holdsUpAny(one, required)) {
				required.addFirst(one);
			}
		}
		return List.copyOf(required);
	}

	private boolean holdsUpAny(Found one, Collection<Found> others) throws SQLException {
		for (Found other : others) {
			if (one.holdsUp(other, this.session) != null) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns all with what they wait for.
	 * @param all backfills in order
	 */
	List<Found> explained(List<Found> all) throws SQLException {
		List<Found> explained = new ArrayList<>();
		Found first = null;
		for (Found one : all) {
			Found told = one;
			if (one.canGoOn()) {
				String reason = reason(one);
				if (reason != null) {
					behind(one);
				}
				else if (first == null || !first.isOfSchema(one)) {
					first = one;
				}
				else {
					reason = "waits for backfill " + first.definition().version() + ", which comes before it";
				}
				told = (reason != null) ? one.behind(reason) : one;
			}
			else {
				behind(one);
			}
			explained.add(told);
		}
		return explained;
	}

	private @Nullable String reason(Found one) throws SQLException {
		for (Found other : this.stopped.getOrDefault(one.history().qualifiedName(), List.of())) {
			String reason = other.holdsUp(one, this.session);
			if (reason != null) {
				return reason;
			}
		}
		return null;
	}

}
