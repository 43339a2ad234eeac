package dev.tidemark.statement;

import java.util.Set;

import dev.tidemark.sql.QualifiedName;

/**
 * What the functions of the server that stand in defaults promise ({@code pg_proc.dat} in
 * the server). Not all are here: the others are unknown.
 */
final class KnownFunctions {

	private static final Set<String> VOLATILE = Set.of("clock_timestamp", "currval", "gen_random_uuid", "lastval",
			"nextval", "pg_sleep", "random", "random_normal", "set_config", "setval", "timeofday", "uuid_generate_v1",
			"uuid_generate_v1mc", "uuid_generate_v4", "uuidv4", "uuidv7");

	private static final Set<String> STABLE = Set.of("concat", "concat_ws", "current_catalog", "current_database",
			"current_date", "current_role", "current_schema", "current_setting", "current_time", "current_timestamp",
			"current_user", "format", "inet_client_addr", "json_build_array", "json_build_object", "jsonb_build_array",
			"jsonb_build_object", "localtime", "localtimestamp", "now", "pg_backend_pid", "session_user",
			"statement_timestamp", "system_user", "to_char", "to_date", "to_json", "to_jsonb", "to_timestamp",
			"transaction_timestamp", "txid_current", "user");

	private static final Set<String> IMMUTABLE = Set.of("abs", "array", "btrim", "ceil", "ceiling", "coalesce", "floor",
			"greatest", "hashtext", "least", "left", "length", "lower", "lpad", "ltrim", "make_date", "make_interval",
			"md5", "nullif", "power", "repeat", "replace", "right", "round", "row", "rpad", "rtrim", "sha256",
			"split_part", "sqrt", "substr", "substring", "translate", "trim", "trunc", "upper");

	private KnownFunctions() {
	}

	static Volatility volatility(QualifiedName function) {
		String schema = function.schema();
		String name = function.name();
		if (VOLATILE.contains(name)) {
			return Volatility.VOLATILE;
		}
		if (schema != null && !schema.equals("pg_catalog")) {
			return Volatility.UNKNOWN;
		}
		if (STABLE.contains(name)) {
			return Volatility.STABLE;
		}
		return IMMUTABLE.contains(name) ? Volatility.IMMUTABLE : Volatility.UNKNOWN;
	}

}
