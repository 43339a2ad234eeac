package dev.tidemark.connection;

import java.nio.file.Path;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.LogOf;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A primary whose transactions are read-only.
 */
@ExtendWith(PostgresExtension.class)
class ReadOnlyDatabaseTests {

	private static final String SETTING = "default_transaction_read_only";

	private final TestDatabase database;

	private MigrationFolder folder;

	ReadOnlyDatabaseTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database);
	}

	private TidemarkException failure() {
		return catchThrowableOfType(TidemarkException.class, () -> tidemark().build().migrate());
	}

	private void switchOn() {
		this.database.execute("ALTER DATABASE " + this.database.name() + " SET " + SETTING + " = on");
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void whatMakesItReadOnlyIsNamedWithTheWayOut(boolean withHistory) {
		if (withHistory) {
			tidemark().build().migrate();
			this.folder.add("V2__b.sql", "CREATE TABLE b ()");
		}
		switchOn();
		try (LogOf log = new LogOf("dev.tidemark")) {
			TidemarkException failure = failure();

			assertThat(failure.code()).isEqualTo(ErrorCode.READ_ONLY);
			assertThat(failure)
				.hasMessageContainingAll(SETTING + " is on: the database \"" + this.database.name() + "\" sets it",
						"ALTER DATABASE \"" + this.database.name() + "\" RESET " + SETTING, "Nothing was changed.")
				.hasMessageNotContaining("at the primary");
			assertThat(log.at(Level.WARN)).isEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ALTER ROLE LOGIN SET READ_ONLY = on             | ALTER ROLE "LOGIN" RESET READ_ONLY
			ALTER ROLE LOGIN IN DATABASE DB SET READ_ONLY = on | ALTER ROLE "LOGIN" IN DATABASE "DB" RESET READ_ONLY
			""")
	void theLoginThatMakesItReadOnlyIsNamed(String sql, String remedy) {
		String login = "frozen_" + this.database.name();
		this.database.execute("CREATE ROLE " + login + " SUPERUSER LOGIN PASSWORD 'frozen'; " + filled(sql, login));
		try {
			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), login, "frozen"))
						.locations(this.folder.location())
						.build()
						.migrate());

			assertThat(failure).hasMessageContaining(filled(remedy, login));
		}
		finally {
			this.database.execute("DROP ROLE " + login);
		}
	}

	private String filled(String sql, String login) {
		return sql.replace("LOGIN", login).replace("DB", this.database.name()).replace("READ_ONLY", SETTING);
	}

	@Test
	void theUrlThatMakesItReadOnlyIsNamed() {
		ConnectionSource connections = ConnectionSource.of(this.database.jdbcUrl() + "?options=-c%20" + SETTING + "=on",
				this.database.user(), this.database.password());

		assertThat(catchThrowableOfType(TidemarkException.class,
				() -> Tidemark.builder(connections).locations(this.folder.location()).build().migrate()))
			.hasMessageContainingAll("by options of its URL", "Take it out of the options of the URL.");
	}

	@Test
	void initSqlMayLiftItForMigrationsAlone() {
		switchOn();

		assertThat(tidemark().initSql("SET " + SETTING + " = off").build().migrate().applied()).hasSize(1);
	}

	@Test
	void nothingPendingIsNoFailure() {
		tidemark().build().migrate();
		switchOn();

		assertThat(tidemark().build().migrate().applied()).isEmpty();
		tidemark().build().verify();
	}

	@Test
	void anUndoIsRefusedForTheSameReason() {
		this.folder.add("U1__a.sql", "DROP TABLE a");
		tidemark().build().migrate();
		switchOn();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark().build().undo(UndoRequest.of(UndoSelection.last())));

		assertThat(failure.code()).isEqualTo(ErrorCode.READ_ONLY);
		assertThat(failure).hasMessageContaining("An undo writes, and " + SETTING + " is on");
	}

	@Test
	void aFileThatMakesItsTransactionReadOnlyIsNotToldToLookForAPrimary() {
		this.folder.add("V2__b.sql", "SET TRANSACTION READ ONLY; SELECT 1");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.READ_ONLY);
		assertThat(failure).hasMessageContaining("a SET TRANSACTION of a file");
		assertThat(this.database.rows("SELECT state FROM tidemark_history ORDER BY rank")).containsExactly("applied",
				"failed");
	}

}
