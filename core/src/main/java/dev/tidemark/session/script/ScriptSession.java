package dev.tidemark.session.script;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.Session;
import dev.tidemark.session.script.SessionRecord.Held;
import dev.tidemark.session.settings.Setting;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;
import dev.tidemark.sql.secret.Secrets;
import dev.tidemark.sql.secret.SlowDigest;

/**
 * Follows what a script makes of its session, as the server tells it, whatever it was
 * made by: the search path and where it leads, the role, settings, and what the session
 * holds that no other one can. In a later session it makes the same of that.
 * <p>
 * Of the settings those count that decide what statements mean, however they came by
 * their values, and of the others those that the script has changed: how long to wait,
 * for one, is said by the run that goes on. Settings of applications such as
 * {@code app.tenant} are listed nowhere, so their names have to be known.
 *
 * @since 0.1.0
 */
public final class ScriptSession {

	private static final String ROLE = "role";

	private static final String USER = "session_authorization";

	private static final String HOLDS = ":held";

	/** What is no setting, but follows from some. */
	private static final Set<String> FACTS = Set.of(SessionRecord.SCHEMAS, SessionRecord.SCHEMA_IDS,
			SessionRecord.OWNER);

	/** Settings that tell of a transaction, or nothing. */
	private static final String PASSING = "'{transaction_isolation,transaction_read_only,transaction_deferrable,seed}'"
			+ "::pg_catalog.text[]";

	/** Where the search path leads. */
	private static final String PATH = "pg_catalog.array_to_string(pg_catalog.current_schemas(false), ', ')";

	/** The ids of these schemas. */
	private static final String PATH_IDS = "pg_catalog.array_to_string(ARRAY(SELECT n.oid FROM pg_catalog.unnest("
			+ "pg_catalog.current_schemas(false)) WITH ORDINALITY AS s (name, place) JOIN pg_catalog.pg_namespace AS n"
			+ " ON n.nspname = s.name ORDER BY s.place), ',')";

	/** How much there is of what no other session can hold, in the order of the kinds. */
	private static final String HELD = """
			pg_catalog.concat_ws(',',
			  CASE WHEN pg_catalog.pg_my_temp_schema() = 0 THEN 0 ELSE (
			    SELECT pg_catalog.count(*) FROM pg_catalog.pg_depend AS d
			    WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
			      AND d.refobjid = pg_catalog.pg_my_temp_schema()) END,
			  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_prepared_statement() AS p WHERE p.from_sql),
			  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_cursor() AS c WHERE c.is_holdable),
			  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_listening_channels()),
			  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_lock_status() AS l
			    WHERE l.locktype = 'advisory' AND l.pid = pg_catalog.pg_backend_pid()))
			""";

	private static final String READ = Operators.qualified("""
			SELECT COALESCE(s.name, k.name) AS name,
			  COALESCE(s.setting, pg_catalog.current_setting(k.name, true), '') AS value
			FROM pg_catalog.pg_settings AS s FULL JOIN (VALUES keys) AS k (name, value)
			  ON k.name = pg_catalog.lower(s.name)
			WHERE CASE WHEN s.name = ANY (passing) THEN false
			    WHEN k.name IS NOT NULL AND k.value IS NULL THEN true
			    WHEN s.category = ANY ('{Client Connection Defaults / Statement Behavior,
			        Client Connection Defaults / Locale and Formatting,
			        Version and Platform Compatibility / Previous PostgreSQL Versions,
			        Customized Options}'::pg_catalog.text[])
			      AND s.name !~ '_timeout$|^vacuum_|^gin_|^(client_min|lc)_messages$|^default_transaction_read_only$'
			      AND s.context = 'user'
			      THEN s.setting <> COALESCE(s.boot_val, '')
			    WHEN k.name IS NULL THEN s.source = 'session'
			    ELSE COALESCE(k.value <> s.setting, false) END
			UNION ALL SELECT 'schemas', path
			UNION ALL SELECT 'schema_ids', ids
			UNION ALL SELECT 'current_user', CURRENT_USER
			UNION ALL SELECT ':held', held
			""".replace("passing", PASSING)
		.replace("path", PATH)
		.replace("ids\n", PATH_IDS + "\n")
		.replace("held\n", HELD));

	/**
	 * Changes with anything: to look what it was is for those few statements. It is asked
	 * for with each statement, and most of what it costs is that the server lists its
	 * settings: they are taken as they come, rather than gathered as a table before.
	 */
	private static final String DIGEST = Operators.qualified("""
			SELECT pg_catalog.hashtextextended(pg_catalog.concat_ws(pg_catalog.chr(1), (
			  SELECT pg_catalog.bit_xor(pg_catalog.hashtextextended((listed.one).name,
			    pg_catalog.hashtextextended((listed.one).setting, 0)))
			  FROM (SELECT pg_catalog.pg_show_all_settings() AS one OFFSET 0) AS listed),
			  named, path, ids, held), 0)
			""".replace("path", PATH).replace("ids", PATH_IDS).replace("held", HELD));

	private static final String CHECK = Operators.qualified("SELECT 1 WHERE (digest) = ");

	private final Session session;

	/** Settings that are told whatever their values are. */
	private final SortedSet<String> named = new TreeSet<>();

	/** Whether the value of a placeholder may have come into a setting of the server. */
	private final boolean placeholders;

	/** What the session was before the script began. */
	private final Snapshot fresh;

	/** The digests of values that may be secrets, which are slow to make. */
	private final Map<String, String> digests = new HashMap<>();

	private final String salt = SlowDigest.salt();

	private Snapshot known;

	private ScriptSession(Session session, Collection<String> names, boolean placeholders) throws SQLException {
		this.session = session;
		this.placeholders = placeholders;
		this.named.addAll(List.of(ROLE, USER));
		names.stream().filter((name) -> name.indexOf('.') > 0).forEach(this.named::add);
		this.fresh = read(Map.of());
		this.known = read();
	}

	/**
	 * Begins in a session that is as it is before a script.
	 * @param names the settings that the script speaks of
	 * @param placeholders whether it uses placeholders
	 */
	public static ScriptSession begin(Session session, Collection<String> names, boolean placeholders)
			throws SQLException {
		return new ScriptSession(session, names, placeholders);
	}

	/** Returns what the session is now. */
	public Snapshot read() throws SQLException {
		return read(this.fresh.values());
	}

	private Snapshot read(Map<String, String> before) throws SQLException {
		String sql = READ.replace("VALUES keys", "VALUES " + keys(before)) + " UNION ALL SELECT '', (" + digest()
				+ ")::pg_catalog.text";
		try (Statement statement = this.session.connection().createStatement();
				ResultSet results = statement.executeQuery(sql)) {
			SortedMap<String, String> values = new TreeMap<>();
			Map<Held, Integer> held = Map.of();
			String digest = "";
			while (results.next()) {
				String name = results.getString(1);
				String value = results.getString(2);
				if (name.isEmpty()) {
					digest = value;
				}
				else if (name.equals(HOLDS)) {
					held = held(value.split(","));
				}
				else if (!value.isEmpty()) {
					values.put(name, value);
				}
			}
			return new Snapshot(values, held, digest);
		}
	}

	private static Map<Held, Integer> held(String[] counts) {
		Map<Held, Integer> held = new EnumMap<>(Held.class);
		for (Held kind : Held.values()) {
			held.put(kind, Integer.valueOf(counts[kind.ordinal()]));
		}
		return held;
	}

	/** What was there before has its value, and what is told in any case has none. */
	private String keys(Map<String, String> before) {
		SortedMap<String, String> keys = new TreeMap<>();
		before.forEach((name, value) -> keys.put(name.toLowerCase(Locale.ROOT), StringLiteral.quote(value)));
		this.named.forEach((name) -> keys.put(name.toLowerCase(Locale.ROOT), "NULL"));
		StringJoiner values = new StringJoiner(", ");
		keys.forEach((name, value) -> values
			.add("(" + StringLiteral.quote(name) + "::pg_catalog.text, " + value + "::pg_catalog.text)"));
		return values.toString();
	}

	private String digest() {
		StringJoiner values = new StringJoiner(", ");
		this.named.forEach((name) -> values
			.add("COALESCE(pg_catalog.current_setting(" + StringLiteral.quote(name) + ", true), '')"));
		return DIGEST.replace("named", values.toString());
	}

	/** Returns what was known last. */
	public Snapshot known() {
		return this.known;
	}

	/** Hears what the session is now. */
	public void know(Snapshot snapshot) {
		this.known = snapshot;
	}

	/** Returns a query that has one row if the session still is like that. */
	public String check(Snapshot snapshot) {
		return CHECK.replace("(digest)", "(" + digest() + ")") + snapshot.digest();
	}

	/** Returns what the journal has to have of it. */
	public SessionRecord record(Snapshot snapshot) {
		SortedMap<String, String> settings = new TreeMap<>();
		SortedMap<String, String> hidden = new TreeMap<>();
		snapshot.values().forEach((name, value) -> {
			if (name.equals(USER) && value.equals(this.fresh.values().get(USER))) {
				// The next run may log in as another user, as passwords that rotate do.
				return;
			}
			if (isSecret(name, value)) {
				hidden.put(name, digest(value, this.salt));
			}
			else {
				settings.put(name, value);
			}
		});
		// What was there before, such as the lock of the run, is not the script's.
		Set<Held> held = EnumSet.noneOf(Held.class);
		snapshot.held().forEach((kind, count) -> {
			if (count > this.fresh.held().getOrDefault(kind, 0)) {
				held.add(kind);
			}
		});
		return new SessionRecord(settings, hidden, held, true, Set.of());
	}

	/**
	 * What an application calls its settings, and puts into them, is its business; those
	 * of the server hold a secret only where a placeholder stands in them.
	 */
	private boolean isSecret(String name, String value) {
		boolean free = name.indexOf('.') > 0;
		boolean secret = free && (Secrets.isMentioned(name) || Secrets.isMentioned(value));
		return secret || ((free || this.placeholders) && !this.session.settings().mask().apply(value).equals(value));
	}

	private String digest(String value, String withSalt) {
		return this.digests.computeIfAbsent(withSalt + "." + value,
				(key) -> withSalt + "." + SlowDigest.of(value, withSalt, SlowDigest.ITERATIONS));
	}

	/**
	 * Makes the session what a record says, as far as values tell it and the server
	 * accepts them.
	 * @return for each value that it refuses a clause for people
	 * @throws SQLException if the session has ended
	 */
	public List<String> restore(SessionRecord record) throws SQLException {
		record.settings().keySet().stream().filter(ScriptSession::isSetting).forEach(this.named::add);
		Snapshot now = read();
		Assignments assignments = new Assignments();
		record.settings().forEach((name, value) -> {
			if (isSetting(name) && !value.equals(now.values().get(name))) {
				assignments.add(name, StringLiteral.quote(value));
			}
		});
		others(record, now).forEach((name) -> assignments.add(name,
				Operators.qualified("COALESCE((SELECT s.boot_val FROM pg_catalog.pg_settings AS s WHERE s.name = "
						+ StringLiteral.quote(name) + "), '')")));
		String user = now.values().getOrDefault(USER, "");
		String wantedUser = record.settings().getOrDefault(USER, user);
		if (!user.equals(wantedUser)) {
			assignments.add(USER, StringLiteral.quote(wantedUser));
		}
		String role = now.values().getOrDefault(ROLE, "none");
		String wantedRole = record.settings().getOrDefault(ROLE, role);
		return (assignments.isEmpty() && role.equals(wantedRole)) ? List.of()
				: assignments.set(this.session, new Setting(ROLE, role), wantedRole);
	}

	private static boolean isSetting(String name) {
		return !FACTS.contains(name) && !name.equals(ROLE) && !name.equals(USER);
	}

	/** Returns the settings that had no value of their own, and have one now. */
	private static List<String> others(SessionRecord record, Snapshot now) {
		return now.values()
			.keySet()
			.stream()
			.filter((name) -> isSetting(name) && !record.settings().containsKey(name)
					&& !record.digests().containsKey(name))
			.toList();
	}

	/**
	 * Says in which way a session is not what a record says.
	 * @return clauses for people, none if it is
	 */
	public List<String> differences(SessionRecord record, Snapshot now) {
		List<String> differences = new ArrayList<>();
		record.held().stream().sorted().forEach((held) -> differences.add("it had " + held.inWords()));
		if (!record.certain()) {
			differences.add("it ended before it was known which of its settings outlast the last transaction");
		}
		record.settings().forEach((name, value) -> {
			String other = now.values().get(name);
			if (!value.equals(other) && !isToldOtherwise(name, record, now)) {
				differences.add(difference(name, value, other));
			}
		});
		record.digests().forEach((name, digest) -> {
			String salted = digest.substring(0, digest.indexOf('.'));
			if (!digest.equals(digest(now.values().getOrDefault(name, ""), salted))) {
				differences.add(name.equals(SessionRecord.SCHEMAS) ? "its search path leads to other schemas"
						: name + " has another value");
			}
		});
		others(record, now)
			.forEach((name) -> differences.add(name + " had no value, and is " + shown(name, now.values().get(name))));
		return differences;
	}

	/**
	 * Returns a record about whose differences a person is asked. Who is told that a
	 * schema is gone may make it again, as another one of that name.
	 */
	public SessionRecord asked(SessionRecord record, Snapshot now, List<String> differences) {
		SessionRecord told = record.afterTelling(differences);
		return differs(SessionRecord.SCHEMAS, record, now) ? told.without(SessionRecord.SCHEMA_IDS) : told;
	}

	/** One difference is told once, as what it follows from. */
	private static boolean isToldOtherwise(String name, SessionRecord record, Snapshot now) {
		return switch (name) {
			case SessionRecord.SCHEMA_IDS -> differs(SessionRecord.SCHEMAS, record, now);
			case SessionRecord.OWNER -> differs(ROLE, record, now) || differs(USER, record, now);
			default -> false;
		};
	}

	private static boolean differs(String name, SessionRecord record, Snapshot now) {
		String wanted = record.settings().get(name);
		return wanted != null && !wanted.equals(now.values().get(name));
	}

	private String difference(String name, String value, @Nullable String other) {
		return switch (name) {
			case SessionRecord.SCHEMAS ->
				"the schemas of its search path were " + value + ", and are " + shown(name, other);
			case SessionRecord.SCHEMA_IDS ->
				"a schema of its search path is gone, and another one has its name now (ids " + value + " then, "
						+ shown(name, other) + " now)";
			case SessionRecord.OWNER -> "it worked as " + value + ", and would go on as " + shown(name, other)
					+ ", to whom belongs what it makes";
			default -> name + " was " + value + ", and is " + shown(name, other);
		};
	}

	private String shown(String name, @Nullable String value) {
		if (value == null) {
			return name.equals(SessionRecord.SCHEMAS) ? "none" : "empty";
		}
		return isSecret(name, value) ? "another one" : value;
	}

	/**
	 * What a session is at one time.
	 *
	 * @param values the settings that count, by their names, and where the search path
	 * leads
	 * @param held how much there is of what no other session can hold
	 * @param digest changes with any of it
	 * @since 0.1.0
	 */
	public record Snapshot(SortedMap<String, String> values, Map<Held, Integer> held, String digest) {

		public Snapshot {
			values = Collections.unmodifiableSortedMap(values);
			held = Map.copyOf(held);
		}

		/**
		 * Tells whether nothing that counts has changed, as where the server has only
		 * loaded a library that brings settings of its own.
		 */
		public boolean isLike(Snapshot other) {
			return this.values.equals(other.values) && this.held.equals(other.held);
		}

	}

}
