package dev.tidemark.catalogue.load;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.load.GaugeReading.Mark;
import dev.tidemark.error.ServerError;
import dev.tidemark.sql.Operators;

/**
 * Looks at the gauges of the server, all of them in one round trip. One that the server
 * refuses to show costs the others nothing but a second look.
 * <p>
 * Not thread-safe.
 *
 * @since 0.1.0
 */
public final class ServerLoad {

	/** What a look may take; a server that needs longer is asked again two seconds on. */
	static final String BEGIN = "BEGIN READ ONLY; SELECT pg_catalog.set_config('statement_timeout', '1000', true),"
			+ " pg_catalog.set_config('lock_timeout', '1000', true), pg_catalog.set_config('jit', 'off', true); ";

	/** Results before that of the query: those of the begin and of the settings. */
	static final int RESULTS_BEFORE = 2;

	private static final String TABLE = """
			WITH RECURSIVE here AS (SELECT d.oid FROM pg_catalog.pg_database d
			  WHERE d.datname = pg_catalog.current_database()),
			tree (relid) AS (SELECT {table}::pg_catalog.oid UNION
			  SELECT i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.relid)
			""";

	private final Set<ServerGauge> wanted;

	private final Map<ServerGauge, GaugeReading> refused = new EnumMap<>(ServerGauge.class);

	private final Map<Set<ServerGauge>, String> queries = new HashMap<>();

	private double lastLook;

	/**
	 * Begins without any look.
	 * @param wanted the gauges to look at
	 */
	public ServerLoad(Collection<ServerGauge> wanted) {
		this.wanted = EnumSet.copyOf(wanted);
	}

	/**
	 * Looks at all gauges.
	 * @param connection an idle connection in auto-commit mode
	 * @param table the table whose gauges are meant, by its number
	 * @param ours the server processes of whoever asks
	 * @return what each says
	 * @throws SQLException if the connection is of no use any more
	 */
	public Map<ServerGauge, GaugeReading> look(Connection connection, long table, Collection<Integer> ours)
			throws SQLException {
		Set<ServerGauge> shown = EnumSet.copyOf(this.wanted);
		shown.removeAll(this.refused.keySet());
		Map<ServerGauge, GaugeReading> readings = new EnumMap<>(this.refused);
		try {
			readings.putAll(read(connection, shown, table, ours));
		}
		catch (SQLException ex) {
			rollBack(connection);
			readings.putAll(oneByOne(connection, shown, table, ours));
		}
		GaugeReading others = readings.get(ServerGauge.OTHERS);
		this.lastLook = (others != null && others.base() != null) ? others.base() : 0;
		return readings;
	}

	/**
	 * Looks at one gauge more often than at the others.
	 * @param connection an idle connection in auto-commit mode
	 * @param gauge the gauge
	 * @param table the table whose gauge is meant, by its number
	 * @param ours the server processes of whoever asks
	 * @return what it says
	 * @throws SQLException if the connection is of no use any more
	 */
	public GaugeReading look(Connection connection, ServerGauge gauge, long table, Collection<Integer> ours)
			throws SQLException {
		try {
			return read(connection, Set.of(gauge), table, ours).getOrDefault(gauge,
					GaugeReading.unknown(gauge, "the server says nothing"));
		}
		catch (SQLException ex) {
			rollBack(connection);
			return GaugeReading.unknown(gauge, ServerError.of(ex).message());
		}
	}

	/** What is refused for want of a function or a right will be refused again. */
	private Map<ServerGauge, GaugeReading> oneByOne(Connection connection, Set<ServerGauge> gauges, long table,
			Collection<Integer> ours) throws SQLException {
		Map<ServerGauge, GaugeReading> readings = new EnumMap<>(ServerGauge.class);
		for (ServerGauge gauge : gauges) {
			try {
				readings.putAll(read(connection, Set.of(gauge), table, ours));
			}
			catch (SQLException ex) {
				rollBack(connection);
				GaugeReading unknown = GaugeReading.unknown(gauge, ServerError.of(ex).message());
				readings.put(gauge, unknown);
				if (isRefused(ex)) {
					this.refused.put(gauge, unknown);
				}
			}
		}
		return readings;
	}

	/** An error of syntax or access, or a feature that the server does not have. */
	private static boolean isRefused(SQLException ex) {
		String state = ex.getSQLState();
		return state != null && (state.startsWith("42") || state.startsWith("0A"));
	}

	private Map<ServerGauge, GaugeReading> read(Connection connection, Set<ServerGauge> gauges, long table,
			Collection<Integer> ours) throws SQLException {
		if (gauges.isEmpty()) {
			return Map.of();
		}
		String sql = this.queries.computeIfAbsent(Set.copyOf(gauges), ServerLoad::query);
		Map<ServerGauge, GaugeReading> readings = new EnumMap<>(ServerGauge.class);
		try (Statement statement = connection.createStatement()) {
			statement.setEscapeProcessing(false);
			statement.execute(BEGIN + filled(sql, table, ours) + "; ROLLBACK");
			for (int i = 0; i < RESULTS_BEFORE; i++) {
				statement.getMoreResults();
			}
			ResultSet results = statement.getResultSet();
			while (results.next()) {
				GaugeReading reading = reading(results);
				readings.put(reading.gauge(), reading);
			}
		}
		return readings;
	}

	private static String query(Set<ServerGauge> gauges) {
		return Operators
			.qualified(TABLE + gauges.stream().map(ServerGauge::sql).collect(Collectors.joining("\nUNION ALL ")));
	}

	private String filled(String sql, long table, Collection<Integer> ours) {
		List<String> pids = ours.stream().map(String::valueOf).toList();
		String since = (this.lastLook > 0) ? "pg_catalog.to_timestamp(" + this.lastLook + ")"
				: "(pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) '2 s'::pg_catalog.interval)";
		return sql.replace("{table}", String.valueOf(table))
			.replace("{ours}", "'{" + String.join(",", pids) + "}'::pg_catalog.int4[]")
			.replace("{database}", "(SELECT h.oid FROM here h)")
			.replace("{since}", since);
	}

	private static GaugeReading reading(ResultSet results) throws SQLException {
		String mark = results.getString(4);
		return new GaugeReading(ServerGauge.valueOf(results.getString(1)), number(results, 2), number(results, 3),
				(mark != null) ? Mark.valueOf(mark.toUpperCase(Locale.ROOT)) : Mark.NONE, results.getString(5));
	}

	private static @Nullable Double number(ResultSet results, int column) throws SQLException {
		double value = results.getDouble(column);
		return results.wasNull() ? null : value;
	}

	static void rollBack(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("ROLLBACK");
		}
	}

}
