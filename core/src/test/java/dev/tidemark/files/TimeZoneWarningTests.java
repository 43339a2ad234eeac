package dev.tidemark.files;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A file that sets the time zone for its session would have set it for later ones too,
 * where all share one session.
 */
@ExtendWith(PostgresExtension.class)
class TimeZoneWarningTests {

	private static final String INSERT = "INSERT INTO t VALUES ('2026-01-01 00:00')";

	private final TestDatabase database;

	private MigrationFolder folder;

	TimeZoneWarningTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void prepare(@TempDir Path directory) {
		this.folder = new MigrationFolder(directory);
		this.folder.add("V1__a.sql", "CREATE TABLE t (at timestamptz)");
	}

	private List<Problem> warnings() {
		return this.folder.tidemark(this.database).build().migrate().warnings();
	}

	@Test
	void itIsToldOnceWithFileAndLineWhenLaterFilesDoNotGetIt() {
		this.folder.add("V2__b.sql", "SELECT 1;\nSET TIME ZONE 'Asia/Tokyo';\n" + INSERT)
			.add("V3__c.sql", INSERT)
			.add("V4__d.sql", "SET TIME ZONE 'Asia/Tokyo'; " + INSERT)
			.add("R__e.sql", "SELECT 1");

		assertThat(warnings()).singleElement().satisfies((warning) -> {
			assertThat(warning.code()).isEqualTo(ErrorCode.SETTING_ENDS);
			assertThat(warning.isError()).isFalse();
			assertThat(warning.place()).asString().contains("V2__b.sql:2:1 (statement 2: SET TIME ZONE");
			assertThat(warning.what()).contains("2 migrations that run after it do not get it");
			assertThat(warning.remedy()).contains("tidemark.connection.init-sql", "RESET timezone");
		});
		assertThat(this.database.rows("SELECT count(DISTINCT at) FROM t")).containsExactly("2");
		assertThat(warnings()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET TIME ZONE 'Asia/Tokyo'; SELECT 1; RESET TIME ZONE",
			"SET timezone = 'Asia/Tokyo'; RESET ALL", "SET LOCAL TIME ZONE 'Asia/Tokyo'",
			"SELECT set_config('timezone', 'Asia/Tokyo', true)", "SET search_path = ''; SET statement_timeout = 0",
			"SET ROLE pg_monitor; RESET ROLE", "SET ROLE pg_monitor" })
	void nothingIsToldOfWhatChangesNoLaterFile(String sql) {
		this.folder.add("V2__b.sql", sql).add("V3__c.sql", "SELECT 1");

		assertThat(warnings()).isEmpty();
	}

	@Test
	void nothingIsToldWhereNoFileComesAfterItOrEachSaysItItself() {
		this.folder.add("V2__b.sql", "SET TIME ZONE 'Asia/Tokyo'").add("V3__c.sql", "SET TIME ZONE 'UTC'; " + INSERT);

		assertThat(warnings()).isEmpty();
	}

}
