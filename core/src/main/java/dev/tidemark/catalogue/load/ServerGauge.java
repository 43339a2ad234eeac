package dev.tidemark.catalogue.load;

/**
 * One thing that can be measured of the server: a query of one row with a value, a figure
 * to compare it with, a mark (what follows from it whatever the value is: {@code slow},
 * {@code stop}, or {@code unknown}) and what stands behind it in words. No query needs
 * more rights than any role has; where a role may not see all, the mark says so.
 *
 * @since 0.1.0
 */
public enum ServerGauge {

	/** How many seconds the slowest standby is behind. */
	REPLAY_LAG("""
			pg_catalog.max(pg_catalog.date_part('epoch', r.replay_lag)), NULL,
			CASE WHEN (pg_catalog.count(*) FILTER (WHERE r.state IS NULL)) > 0 THEN 'unknown' END,
			CASE WHEN (pg_catalog.count(*) FILTER (WHERE r.state IS NULL)) > 0 THEN {rights} ELSE
			  'standby ' || (pg_catalog.array_agg(r.application_name ORDER BY r.replay_lag DESC NULLS LAST))[1] END
			FROM pg_catalog.pg_stat_replication r WHERE (r.state IS NULL) OR (r.state <> 'backup')"""),

	/** How many bytes of log the slowest standby has yet to replay. */
	REPLAY_LAG_SIZE("""
			pg_catalog.max(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), r.replay_lsn)), NULL,
			CASE WHEN (pg_catalog.count(*) FILTER (WHERE r.state IS NULL)) > 0 THEN 'unknown' END,
			CASE WHEN (pg_catalog.count(*) FILTER (WHERE r.state IS NULL)) > 0 THEN {rights} ELSE
			  'standby ' || (pg_catalog.array_agg(r.application_name ORDER BY r.replay_lsn))[1] END
			FROM pg_catalog.pg_stat_replication r WHERE (r.state IS NULL) OR (r.state <> 'backup')"""),

	/** How many bytes of log are kept for the slot that keeps the most. */
	SLOTS("""
			pg_catalog.max(s.kept), pg_catalog.max(s.safe),
			CASE WHEN pg_catalog.bool_or((s.wal_status = 'unreserved') OR (s.safe < (s.most / 10))) THEN 'stop'
			  WHEN pg_catalog.bool_or((s.wal_status = 'extended') OR (s.safe < (s.most / 4))) THEN 'slow' END,
			(pg_catalog.array_agg(pg_catalog.concat('slot ', s.slot_name, ', ', s.wal_status,
			  CASE WHEN NOT s.active THEN ', which nobody reads' END,
			  CASE WHEN s.safe IS NOT NULL
			    THEN ', ' || pg_catalog.pg_size_pretty(s.safe) || ' before it is lost' END) ORDER BY
			  CASE s.wal_status WHEN 'unreserved' THEN 0 WHEN 'extended' THEN 1 ELSE 2 END, s.safe, s.kept DESC))[1]
			FROM (SELECT p.slot_name, p.active, p.wal_status, p.safe_wal_size AS safe,
			    pg_catalog.pg_size_bytes(pg_catalog.current_setting('max_slot_wal_keep_size')) AS most,
			    pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), p.restart_lsn) AS kept
			  FROM pg_catalog.pg_replication_slots p
			  WHERE (p.restart_lsn IS NOT NULL) AND (p.wal_status <> 'lost')) s"""),

	/** How many whole segments of the log wait for the archiver. */
	ARCHIVE_QUEUE(
			"""
					CASE WHEN w.running THEN (pg_catalog.floor(pg_catalog.pg_wal_lsn_diff(
					    pg_catalog.pg_current_wal_insert_lsn(), '0/0') / w.size)
					  - ((('x' || pg_catalog.substr(w.next, 9, 8))::pg_catalog.bit(32)::pg_catalog.int8 * (4294967296 / w.size))
					  + ('x' || pg_catalog.substr(w.next, 17, 8))::pg_catalog.bit(32)::pg_catalog.int8))
					  - CASE WHEN w.failing THEN 0 ELSE 1 END END,
					NULL,
					CASE WHEN w.running AND w.failing THEN 'slow' END,
					CASE WHEN NOT w.running THEN 'nothing is archived'
					  WHEN w.failing THEN 'the archiver fails at ' || w.failed END
					FROM (SELECT v.size, v.running, v.failing, v.failed, CASE WHEN v.name ~ '^[0-9A-F]{24}$' THEN v.name END AS next
					  FROM (SELECT pg_catalog.pg_size_bytes(pg_catalog.current_setting('wal_segment_size')) AS size,
					      pg_catalog.current_setting('archive_mode') <> 'off' AS running,
					      COALESCE(f.failing, false) AS failing, f.last_failed_wal AS failed,
					      CASE WHEN f.failing THEN f.last_failed_wal ELSE f.last_archived_wal END AS name
					    FROM (SELECT a.last_archived_wal, a.last_failed_wal, a.last_failed_time > COALESCE(a.last_archived_time,
					        '-infinity'::pg_catalog.timestamptz) AS failing FROM pg_catalog.pg_stat_archiver a) f) v) w"""),

	/**
	 * How many automatic vacuums run on the table; one against wraparound gives no way.
	 */
	AUTOVACUUM("""
			pg_catalog.count(*), NULL,
			CASE WHEN pg_catalog.bool_or(v.wraparound) THEN 'stop' END,
			CASE WHEN pg_catalog.bool_or(v.wraparound) THEN 'to prevent wraparound' END
			FROM (SELECT (COALESCE(pg_catalog.strpos(a.query, 'to prevent wraparound'), 0) > 0)
			      OR (pg_catalog.age(c.relfrozenxid) > LEAST(
			        pg_catalog.current_setting('autovacuum_freeze_max_age')::pg_catalog.int4,
			        (SELECT o.option_value::pg_catalog.int4 FROM pg_catalog.pg_options_to_table(c.reloptions) o
			          WHERE o.option_name = 'autovacuum_freeze_max_age')))
			      OR (pg_catalog.mxid_age(c.relminmxid)
			        > pg_catalog.current_setting('autovacuum_multixact_freeze_max_age')::pg_catalog.int4) AS wraparound
			  FROM tree t JOIN pg_catalog.pg_class k ON k.oid = t.relid
			  JOIN pg_catalog.pg_class c ON (c.oid = k.oid) OR (c.oid = k.reltoastrelid)
			  JOIN pg_catalog.pg_locks l ON (l.relation = c.oid) AND (l.locktype = 'relation') AND l.granted
			    AND (l.mode = 'ShareUpdateExclusiveLock') AND (l.database = {database})
			  JOIN pg_catalog.pg_stat_activity a ON (a.pid = l.pid) AND (a.usesysid IS NULL)) v"""),

	/** Which share of the rows of the table is dead. */
	DEAD_ROWS(
			"""
					CASE WHEN pg_catalog.sum(r.dead) >= 10000 THEN pg_catalog.sum(r.dead)::pg_catalog.float8 / pg_catalog.sum(r.dead + r.live) ELSE 0 END,
					NULL, NULL, NULL
					FROM (SELECT pg_catalog.pg_stat_get_dead_tuples(t.relid) AS dead, pg_catalog.pg_stat_get_live_tuples(t.relid) AS live
					  FROM tree t) r"""),

	/** How many sessions wait for a lock of ours. */
	WAITING_FOR_US(
			"""
					pg_catalog.count(*), NULL, NULL, 'the longest for ' || pg_catalog.round(
					  (1000 * pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - pg_catalog.min(w.since)))::pg_catalog.numeric) || ' ms'
					FROM (SELECT l.pid, pg_catalog.min(l.waitstart) AS since FROM pg_catalog.pg_locks l WHERE NOT l.granted GROUP BY l.pid) w
					WHERE pg_catalog.pg_blocking_pids(w.pid) && {ours}"""),

	/** How many sessions of the database wait for locks, of whomever. */
	WAITING("""
			pg_catalog.count(*), NULL, NULL, NULL
			FROM pg_catalog.pg_stat_activity a WHERE (a.datid = {database}) AND (a.pid <> ALL ({ours}))
			  AND EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE (l.pid = a.pid) AND NOT l.granted)"""),

	/** For how many seconds somebody else's snapshot keeps dead rows. */
	OLDEST_SNAPSHOT("""
			pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - pg_catalog.min(x.since)), NULL,
			CASE WHEN pg_catalog.bool_or(x.hidden) THEN 'unknown' END,
			COALESCE((pg_catalog.array_agg(x.who ORDER BY x.since) FILTER (WHERE x.since IS NOT NULL))[1],
			  CASE WHEN pg_catalog.bool_or(x.hidden) THEN {rights} END)
			FROM (SELECT a.xact_start AS since, pg_catalog.concat('session ', a.pid, ' (', a.application_name,
			      ', user ', a.usename, ')') AS who, (a.state IS NULL) AS hidden
			  FROM {clients} WHERE (a.state IS NULL) OR (a.backend_xmin IS NOT NULL)
			  UNION ALL SELECT p.prepared, pg_catalog.concat('prepared transaction ', p.gid), false
			  FROM pg_catalog.pg_prepared_xacts p WHERE p.database = pg_catalog.current_database()) x"""),

	/** How many sessions of the server are at work; compared with its connections. */
	ACTIVE_SESSIONS("""
			pg_catalog.count(*) FILTER (WHERE a.state = 'active'),
			pg_catalog.current_setting('max_connections')::pg_catalog.int4,
			CASE WHEN pg_catalog.bool_or(a.state IS NULL) THEN 'unknown' END,
			CASE WHEN pg_catalog.bool_or(a.state IS NULL) THEN {rights} END
			FROM pg_catalog.pg_stat_activity a WHERE (a.pid <> pg_catalog.pg_backend_pid()) AND (a.pid <> ALL ({ours}))
			  AND (a.usesysid IS NOT NULL) AND (COALESCE(a.backend_type, 'client backend') = 'client backend')"""),

	/**
	 * How many other sessions of the database have been at work since the last look. Who
	 * may not be looked into may be.
	 */
	OTHERS("""
			pg_catalog.count(*) FILTER (WHERE (a.state IS NULL) OR (a.state = 'active') OR (a.state_change > {since})),
			pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()), NULL, NULL FROM {clients}"""),

	/** How many other sessions are at writing to the table at this moment. */
	WRITERS("""
			pg_catalog.count(*), NULL, NULL, NULL
			FROM pg_catalog.pg_locks l
			WHERE (l.locktype = 'relation') AND (l.mode = 'RowExclusiveLock') AND (l.database = {database})
			  AND (l.pid <> pg_catalog.pg_backend_pid()) AND (l.pid <> ALL ({ours}))
			  AND (l.relation = ANY (SELECT t.relid FROM tree t))""");

	/** Other sessions of Tidemark, here and in other instances, are no live traffic. */
	private static final String CLIENTS = """
			(SELECT b.pid, b.usename, b.application_name, b.state, b.state_change, b.xact_start, b.backend_xmin
			  FROM pg_catalog.pg_stat_activity b WHERE (b.datid = {database})
			  AND (b.pid <> pg_catalog.pg_backend_pid()) AND (b.pid <> ALL ({ours})) AND (b.usesysid IS NOT NULL)
			  AND (COALESCE(b.backend_type, 'client backend') = 'client backend')
			  AND NOT (pg_catalog.starts_with(pg_catalog.current_setting('application_name'), 'tidemark')
			    AND pg_catalog.starts_with(b.application_name, pg_catalog.current_setting('application_name')))) a""";

	private static final String RIGHTS = "pg_catalog.concat('the role may not see it; GRANT pg_read_all_stats TO ',"
			+ " pg_catalog.quote_ident(CURRENT_USER), '; allows it')";

	private final String columns;

	ServerGauge(String columns) {
		this.columns = columns;
	}

	/** Returns the query, of which {@code {table}}, {@code {ours}} and so on are left. */
	String sql() {
		return "SELECT '" + name() + "', g.value::pg_catalog.float8, g.base::pg_catalog.float8, g.mark, g.subject FROM"
				+ " (SELECT " + this.columns.replace("{clients}", CLIENTS).replace("{rights}", RIGHTS)
				+ ") g (value, base, mark, subject)";
	}

}
