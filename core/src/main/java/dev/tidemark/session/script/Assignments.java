package dev.tidemark.session.script;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.Session;
import dev.tidemark.session.settings.Setting;
import dev.tidemark.sql.StringLiteral;

/**
 * Values that a session shall have, in this order, and the role last of all: it may lack
 * the right to set the rest. They take one round trip. Where the server refuses one of
 * them, each is set by itself, so that those that it accepts are there.
 */
final class Assignments {

	private final List<Assignment> assignments = new ArrayList<>();

	/**
	 * Adds a setting.
	 * @param value an expression
	 */
	void add(String name, String value) {
		this.assignments.add(new Assignment(name, value));
	}

	boolean isEmpty() {
		return this.assignments.isEmpty();
	}

	/**
	 * Sets the values.
	 * @param role the name of the role's setting, and its value now
	 * @param wantedRole its value in the end
	 * @return for each value that the server refuses a clause for people
	 * @throws SQLException if the session has ended
	 */
	List<String> set(Session session, Setting role, String wantedRole) throws SQLException {
		Assignment last = new Assignment(role.name(), StringLiteral.quote(wantedRole));
		List<Assignment> all = new ArrayList<>(this.assignments);
		all.add(0, new Assignment(role.name(), "'none'"));
		all.add(last);
		if (refusal(session, all) == null) {
			return List.of();
		}
		Map<Assignment, String> refused = refusals(session, all);
		if (refused.containsKey(last)) {
			refusal(session, List.of(new Assignment(role.name(), StringLiteral.quote(role.value()))));
		}
		// What one role may not set, the next one may.
		return refusals(session, refused.keySet()).entrySet()
			.stream()
			.map((entry) -> "the server refuses a value of " + entry.getKey().name() + " (" + entry.getValue() + ")")
			.toList();
	}

	private static Map<Assignment, String> refusals(Session session, Iterable<Assignment> assignments)
			throws SQLException {
		Map<Assignment, String> refusals = new LinkedHashMap<>();
		for (Assignment assignment : assignments) {
			String refusal = refusal(session, List.of(assignment));
			if (refusal != null) {
				refusals.put(assignment, refusal);
			}
		}
		return refusals;
	}

	/** Returns what the server says against it, after which nothing of it is set. */
	private static @Nullable String refusal(Session session, List<Assignment> together) throws SQLException {
		try {
			session.execute("SELECT " + together.stream().map(Assignment::sql).collect(Collectors.joining(", ")));
			return null;
		}
		catch (SQLException ex) {
			if (!session.isAlive()) {
				throw ex;
			}
			return session.errorOf(ex).message();
		}
	}

	/**
	 * A value for a setting.
	 *
	 * @param name the name of the setting
	 * @param value an expression
	 */
	private record Assignment(String name, String value) {

		String sql() {
			return "pg_catalog.set_config(" + StringLiteral.quote(this.name) + ", " + this.value + ", false)";
		}

	}

}
