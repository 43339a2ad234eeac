package dev.tidemark.connection;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.settings.LoginSql;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Sessions that begin with the SQL of a pool.
 */
@ExtendWith(PostgresExtension.class)
class LoginSqlTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	LoginSqlTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
		this.database.execute("CREATE SCHEMA myapp; CREATE SCHEMA other");
	}

	private Tidemark.Builder tidemark(String sql) {
		return Tidemark
			.builder(ConnectionSource.of(this.database.jdbcUrl(), this.database.user(), this.database.password(),
					Map.of(), new LoginSql(sql, "init.sql.of.pool")))
			.locations(this.folder.location());
	}

	@Test
	void everyMigrationAndTheHistoryBeginWithIt() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (); SET search_path TO public")
			.add("V2__b.sql", "CREATE TABLE b ()")
			.add("V3__c.sql", "CREATE TABLE c ()");
		tidemark("SET search_path TO myapp -- as ever").build().migrate();

		assertThat(this.database.rows(
				"SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'myapp'::regnamespace ORDER BY 1"))
			.containsExactly("a", "b", "c", "tidemark_history");
	}

	@Test
	void aRunWithNothingPendingFindsTheHistory() {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		tidemark("SET search_path TO myapp").build().migrate();

		assertThat(tidemark("SET search_path TO myapp").build().migrate().applied()).isEmpty();
	}

	@Test
	void aSchemaOfMigrationsGoesBeforeIt() {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		tidemark("SET search_path TO myapp").schema("other").build().migrate();

		assertThat(this.database.value("SELECT 'other.a'::regclass")).isEqualTo("other.a");
	}

	@Test
	void whatFailsIsToldWithItsOriginAndWithoutItsSecrets() {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark("SELECT set_config('nowhere.at_all.x-y', 'password=s3cret', 1/0 = 0)").build()
					.migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.INIT_SQL);
		assertThat(failure).hasMessageContaining("init.sql.of.pool").hasMessageContaining("division by zero");
		assertThat(failure.toString()).doesNotContain("s3cret");
	}

	@Test
	void sessionsThatBeginDifferentlyAreNotTheSame() {
		assertThat(source("SET search_path TO a").leadsWhere(source("SET search_path TO a"))).isTrue();
		assertThat(source("SET search_path TO a").leadsWhere(source("SET search_path TO b"))).isFalse();
	}

	private ConnectionSource source(String sql) {
		return ConnectionSource.of(this.database.jdbcUrl(), null, null, Map.of(), new LoginSql(sql, "origin"));
	}

}
