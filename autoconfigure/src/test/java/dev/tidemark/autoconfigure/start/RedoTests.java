package dev.tidemark.autoconfigure.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;
import org.springframework.boot.devtools.restart.classloader.RestartClassLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that is developed: a migration was edited, and it starts again.
 */
@ExtendWith(PostgresExtension.class)
class RedoTests {

	private final TestDatabase database;

	@TempDir
	private Path folder;

	RedoTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void developed() throws IOException {
		write("V1__a.sql", "CREATE TABLE a ()");
		write("V2__b.sql", "CREATE TABLE b ()");
		write("U2__b.sql", "DROP TABLE b");
		start().run((context) -> assertThat(context).hasNotFailed());
		write("V2__b.sql", "CREATE TABLE b (edited int)");
	}

	private void write(String name, String text) throws IOException {
		Files.writeString(this.folder.resolve(name), text);
	}

	private ApplicationContextRunner start(String... properties) {
		return Runners.with(this.database)
			.withPropertyValues("tidemark.locations=filesystem:" + this.folder)
			.withPropertyValues(properties);
	}

	private ApplicationContextRunner redoing(String... properties) {
		return start(properties).withPropertyValues("tidemark.dev.redo=true", "tidemark.dev.released-up-to=1");
	}

	/** The runner makes the class loader that of the thread. */
	private static ApplicationContextRunner byDevtools(ApplicationContextRunner runner) {
		return runner.withClassLoader(new RestartClassLoader(RedoTests.class.getClassLoader()));
	}

	private static List<ErrorCode> failure(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		return Stream.iterate(context.getStartupFailure(), Objects::nonNull, Throwable::getCause)
			.filter(TidemarkException.class::isInstance)
			.findFirst()
			.map((failure) -> ((TidemarkException) failure).problems().stream().map(Problem::code).toList())
			.orElseThrow();
	}

	private boolean isRedone() {
		return this.database.rows("SELECT FROM pg_attribute WHERE attname = 'edited'").size() == 1;
	}

	@Test
	void withoutThePropertyTheStartIsRefused() {
		byDevtools(start("tidemark.dev.throw-away=true"))
			.run((context) -> assertThat(failure(context)).containsExactly(ErrorCode.CHANGED));
	}

	@Test
	void whatDevtoolsHaveStartedIsRedone() {
		byDevtools(redoing()).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(isRedone()).isTrue();
		});
	}

	@Test
	void whatIsStartedWithoutDevtoolsIsRefused() {
		redoing().run((context) -> {
			assertThat(failure(context)).containsExactly(ErrorCode.CHANGED, ErrorCode.REDO_NOT_HERE);
			assertThat(isRedone()).isFalse();
		});
	}

	@Test
	void devtoolsAloneRebuildNothing() throws IOException {
		Files.delete(this.folder.resolve("U2__b.sql"));

		byDevtools(redoing()).run((context) -> assertThat(failure(context)).contains(ErrorCode.REDO_NO_WAY_BACK));
	}

	@Test
	void aDatabaseThatMayBeThrownAwayIsRebuilt() throws IOException {
		Files.delete(this.folder.resolve("U2__b.sql"));

		redoing("tidemark.dev.throw-away=true").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(isRedone()).isTrue();
		});
	}

	@Test
	void aDatabaseMayBeRedoneBesideOthersThatAreNot() {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.databases.own.connection.url=" + this.database.jdbcUrl(),
					"tidemark.databases.own.connection.user=" + this.database.user(),
					"tidemark.databases.own.connection.password=" + this.database.password(),
					"tidemark.databases.own.locations=filesystem:" + this.folder,
					"tidemark.databases.own.dev.redo=true", "tidemark.databases.own.dev.throw-away=true",
					"tidemark.databases.own.dev.released-up-to=1")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(isRedone()).isTrue();
			});
	}

	@Test
	void aDatabaseIsToldTheNamesOfItsOwnProperties() {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.databases.own.connection.url=" + this.database.jdbcUrl(),
					"tidemark.databases.own.connection.user=" + this.database.user(),
					"tidemark.databases.own.connection.password=" + this.database.password(),
					"tidemark.databases.own.locations=filesystem:" + this.folder,
					"tidemark.databases.own.dev.redo=true")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("set tidemark.databases.own.dev.throw-away=true"));
	}

	@Test
	void tenantsAreNotRedoneWhichIsSaid() {
		redoing("tidemark.tenants.schemas=acme")
			.run((context) -> assertThat(failure(context)).containsExactly(ErrorCode.SETTING));
	}

	@Test
	void whatIsReleasedIsSaidInOneWay() {
		redoing("tidemark.dev.released-at=main").run((context) -> assertThat(context).hasFailed()
			.getFailure()
			.rootCause()
			.hasMessageContaining("tidemark.dev.released-at")
			.hasMessageContaining("must not be set together with tidemark.dev.released-up-to"));
	}

	@Test
	void anotherModeUndoesNothing() {
		redoing("tidemark.dev.throw-away=true", "tidemark.mode=verify").run((context) -> {
			assertThat(failure(context)).containsExactly(ErrorCode.CHANGED);
			assertThat(isRedone()).isFalse();
		});
	}

}
