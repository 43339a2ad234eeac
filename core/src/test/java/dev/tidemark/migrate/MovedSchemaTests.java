package dev.tidemark.migrate;

import java.nio.file.Path;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.LogOf;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.RunResult;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A migration that moves the schema in which the next start would look for its history.
 */
@ExtendWith(PostgresExtension.class)
class MovedSchemaTests {

	private final TestDatabase database;

	private final String login;

	private MigrationFolder folder;

	MovedSchemaTests(TestDatabase database) {
		this.database = database;
		this.login = "roster_" + database.name();
	}

	@BeforeEach
	void login(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
		this.database.execute("CREATE ROLE " + this.login + " SUPERUSER LOGIN PASSWORD 'roster'");
	}

	@AfterEach
	void drop() {
		this.database.execute("REASSIGN OWNED BY " + this.login + " TO CURRENT_USER; DROP OWNED BY " + this.login
				+ "; DROP ROLE " + this.login);
	}

	private Tidemark.Builder tidemark() {
		return Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), this.login, "roster"))
			.locations(this.folder.location());
	}

	private String filled(String sql) {
		return sql.replace("LOGIN", this.login).replace("DB", this.database.name());
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE SCHEMA LOGIN", "DO $$ BEGIN CREATE SCHEMA LOGIN; END $$",
			"CREATE SCHEMA other; ALTER ROLE LOGIN SET search_path = other, public",
			"CREATE SCHEMA other; ALTER ROLE LOGIN IN DATABASE DB SET search_path TO other, public",
			"CREATE SCHEMA other; ALTER DATABASE DB SET search_path TO other, public" })
	void theRunThatMovesItSaysSoAndWhatToSet(String sql) {
		this.folder.add("V1__move.sql", filled(sql)).add("V2__b.sql", "CREATE TABLE public.b ()");
		try (LogOf log = new LogOf("dev.tidemark")) {
			RunResult result = tidemark().build().migrate();

			assertThat(result.warnings()).extracting(Problem::code).containsExactly(ErrorCode.HISTORY_ELSEWHERE);
			assertThat(log.at(Level.WARN)).singleElement()
				.asString()
				.contains("TM-HIS-003", "it was \"public\"", "Set tidemark.schema=public.");
		}
		assertThat(catchThrowableOfType(TidemarkException.class, () -> tidemark().build().migrate()))
			.hasMessageContainingAll("TM-HIS-003", "Set tidemark.schema=public to continue that history");
		assertThat(tidemark().schema("public").build().migrate().applied()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE SCHEMA other", "CREATE SCHEMA LOGIN; DROP SCHEMA LOGIN",
			"CREATE SCHEMA other; ALTER ROLE LOGIN SET search_path = public, other",
			"ALTER ROLE LOGIN SET search_path = nowhere, public",
			"SELECT set_config('search_path', 'pg_catalog', false)" })
	void whatMovesNothingIsNotToldOf(String sql) {
		this.folder.add("V1__stay.sql", filled(sql));

		assertThat(tidemark().build().migrate().warnings()).isEmpty();
		assertThat(tidemark().build().migrate().applied()).isEmpty();
	}

	@Test
	void aSchemaThatIsSetCannotBeMoved() {
		this.folder.add("V1__move.sql", filled("CREATE SCHEMA LOGIN"));

		assertThat(tidemark().schema("public").build().migrate().warnings()).isEmpty();
		assertThat(tidemark().schema("public").build().migrate().applied()).isEmpty();
	}

	@Test
	void whatACallbackMovesIsToldToo() {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()")
			.add("afterMigrate.sql", filled("CREATE SCHEMA IF NOT EXISTS LOGIN"));

		assertThat(tidemark().build().migrate().warnings()).extracting(Problem::code)
			.containsExactly(ErrorCode.HISTORY_ELSEWHERE);
	}

}
