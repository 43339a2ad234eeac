package dev.tidemark.phase;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.RunResult;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where nothing is there that could need them, all phases run at once.
 */
@ExtendWith(PostgresExtension.class)
class FreshSchemaTests {

	/** What files have made: all but what belongs to our own tables. */
	private static final String CATALOGUE = """
			WITH r AS (SELECT c.oid, c.relname, c.relkind FROM pg_class c
				WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'tidemark%')
			SELECT 'relation ' || relname || ' ' || relkind::text FROM r
			UNION ALL SELECT 'column ' || r.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
				|| ' ' || a.attnotnull::text || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
				FROM r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
				LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
			UNION ALL SELECT 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated::text
				FROM pg_constraint WHERE conrelid IN (SELECT oid FROM r)
			UNION ALL SELECT 'index ' || pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid IN (SELECT oid FROM r)
			UNION ALL SELECT 'view ' || relname || ' ' || pg_get_viewdef(oid) FROM r WHERE relkind = 'v'
			UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
			UNION ALL SELECT 'row ' || u::text FROM users u
			ORDER BY 1""";

	private final TestDatabase database;

	private PhaseFixture given;

	private Path path;

	FreshSchemaTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void fixture(@TempDir Path folder) {
		this.path = folder;
		this.given = new PhaseFixture(this.database, folder).users().phases();
	}

	@Test
	void allPhasesRunInTheOrderOfTheirVersions() {
		this.given.folder().add("V5__required.sql", "ALTER TABLE users ALTER COLUMN email_address SET NOT NULL");

		RunResult result = this.given.migrate();

		assertThat(result.applied()).extracting((applied) -> applied.identity().toString())
			.containsExactly("1", "2", "3", "4", "5");
		assertThat(result.leavesBackfills()).isFalse();
		assertThat(this.given.hasColumn("email")).isFalse();
		assertThat(this.database.value("SELECT string_agg(email_address, ',' ORDER BY id) FROM users"))
			.isEqualTo("a,b");
		assertThat(this.database.rows("SELECT version || ' ' || phase || ' ' || state FROM tidemark_history"
				+ " WHERE version IN ('3', '4') ORDER BY rank"))
			.containsExactly("3 backfill applied", "4 contract applied");
	}

	@Test
	void theCurrentVersionIsThatOfTheNewestExpandFile() {
		RunResult result = this.given.migrate();

		assertThat(result.currentVersion()).isEqualTo(MigrationVersion.of("2"));
		assertThat(this.given.migrate().applied()).isEmpty();
	}

	@Test
	void objectsThatOnlyInitSqlAndSchemasMakeAreNone() {
		RunResult result = this.given.tidemark().initSql("CREATE SCHEMA IF NOT EXISTS more").build().migrate();

		assertThat(result.applied()).hasSize(4);
	}

	@Test
	void aNewDatabaseEndsInTheSchemaOfOneThatHasGrownFileByFile() {
		this.given.folder()
			.add("V5__required.sql", "ALTER TABLE users ALTER COLUMN email_address SET NOT NULL")
			.add("V6__unique.sql", "CREATE UNIQUE INDEX users_email_address ON users (email_address)")
			.add("R__addresses.sql", "CREATE OR REPLACE VIEW addresses AS SELECT id, email_address FROM users");
		this.given.migrate();

		TestDatabase grown = PostgresServer.shared().createDatabase();
		grow(new PhaseFixture(grown, this.path.resolve("grown")));

		assertThat(grown.rows(CATALOGUE)).isEqualTo(this.database.rows(CATALOGUE))
			.contains("row (1,a)")
			.anyMatch((object) -> object.startsWith("index "));
	}

	private static void grow(PhaseFixture grown) {
		grown.users().migrate();
		grown.phases()
			.folder()
			.add("R__addresses.sql", "CREATE OR REPLACE VIEW addresses AS SELECT id, email_address FROM users");
		grown.migrate();
		grown.record("3", "backfill", "UPDATE users SET email_address = email WHERE TRUE AND email_address IS NULL");
		grown.folder().add("V5__required.sql", "ALTER TABLE users ALTER COLUMN email_address SET NOT NULL");
		grown.migrate();
		grown.record("4", "contract", "ALTER TABLE users DROP COLUMN email");
		grown.folder().add("V6__unique.sql", "CREATE UNIQUE INDEX users_email_address ON users (email_address)");
		assertThat(PhaseFixture.states(grown.migrate().migrations())).allMatch((state) -> state.endsWith(" applied"));
	}

	@Test
	void oneThatBeginsWithABaselineFileIsNew() {
		this.given.folder().add("B1__users.sql", "CREATE TABLE users (id int PRIMARY KEY, email text)");

		RunResult result = this.given.migrate();

		assertThat(PhaseFixture.states(result.migrations())).contains("B1 applied", "1 superseded", "3 applied",
				"4 applied");
	}

	@Test
	void aFileThatWouldBreakOneThatWaitsRunsWhereNoneWaits() {
		this.given.folder().add("V5__email.sql", "ALTER TABLE users ADD COLUMN email int");

		assertThat(this.given.migrate().applied()).hasSize(5);
		assertThat(List.of(this.given.hasColumn("email"), this.given.hasColumn("email_address"))).containsExactly(true,
				true);
	}

}
