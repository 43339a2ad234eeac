package dev.tidemark.connection;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a script does to its session does not reach the next one, the history or the lock.
 */
@ExtendWith(PostgresExtension.class)
class LeakTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	LeakTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V3__observe.sql",
				"""
						CREATE TABLE observed AS
						SELECT current_user::text AS role, session_user::text AS login, current_setting('search_path') AS path,
						  current_setting('lock_timeout') AS lock_timeout, current_setting('statement_timeout') AS statement_timeout,
						  current_setting('work_mem') AS work_mem,
						  (SELECT count(*) FROM pg_cursors WHERE name <> '') AS cursors,
						  (SELECT count(*) FROM pg_prepared_statements WHERE from_sql) AS prepared,
						  (SELECT count(*) FROM pg_listening_channels()) AS channels,
						  (SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND pg_table_is_visible(oid)) AS temporary,
						  (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks""");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT 1", "SET search_path = ''",
			"SELECT pg_catalog.set_config('search_path', '', false)",
			"SET lock_timeout = '1h'; SET statement_timeout = '1h'", "SET work_mem = '99MB'",
			"SET ROLE pg_read_all_data", "SET SESSION AUTHORIZATION pg_read_all_data",
			"SELECT pg_advisory_lock(1); SELECT pg_advisory_lock_shared(2, 3); SELECT pg_advisory_lock(1)",
			"SELECT pg_advisory_unlock_all()", "DISCARD ALL", "LISTEN news", "CREATE TEMPORARY TABLE scratch (x int)",
			"CREATE TEMPORARY TABLE tidemark_history (x int)",
			"DECLARE c CURSOR WITH HOLD FOR SELECT generate_series(1, 10)", "PREPARE p AS SELECT 1",
			"SET standard_conforming_strings = off; SET backslash_quote = on", "SET check_function_bodies = off",
			"SET default_transaction_read_only = on", "SET client_min_messages = error",
			"SET session_replication_role = replica", "SET synchronous_commit = off",
			"-- tidemark: transaction=none\nSET search_path = ''; SET ROLE pg_read_all_data",
			"SET default_transaction_isolation = 'serializable'; SET default_transaction_deferrable = on" })
	void theNextMigrationSeesAFreshSession(String script) {
		this.folder.add("V2__leak.sql", script);
		this.folder.tidemark(this.database).build().migrate();

		assertThat(this.database.rows("SELECT * FROM observed"))
			.containsExactly("postgres|postgres|\"$user\", public|300ms|0|4MB|0|0|0|0|1");
		assertThat(this.database.rows("SELECT version, state FROM public.tidemark_history ORDER BY rank"))
			.containsExactly("2|applied", "3|applied");
	}

	@Test
	void theLockIsFreeAfterARunThatTookOthers() {
		this.folder.add("V2__leak.sql", "SELECT pg_advisory_lock(1)");
		this.folder.tidemark(this.database).build().migrate();

		assertThat(this.database.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = "
				+ "(SELECT oid FROM pg_database WHERE datname = current_database())"))
			.isEmpty();
	}

}
