package dev.tidemark.autoconfigure.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.exit.JvmExit;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith({ PostgresExtension.class, OutputCaptureExtension.class })
class UndoModeTests {

	private static final String NOTES = "SELECT note FROM tidemark_history WHERE kind = 'undo' ORDER BY rank";

	private final List<Integer> codes = new ArrayList<>();

	private final TestDatabase database;

	@TempDir
	private Path folder;

	UndoModeTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void migrate() throws IOException {
		for (int version = 1; version <= 3; version++) {
			Files.writeString(this.folder.resolve("V" + version + "__t.sql"), "CREATE TABLE t" + version + " (x int)");
			Files.writeString(this.folder.resolve("U" + version + "__t.sql"), "DROP TABLE t" + version);
		}
		runner().run((context) -> assertThat(context).hasNotFailed());
	}

	private ApplicationContextRunner runner(String... properties) {
		return Runners.with(this.database)
			.withPropertyValues("tidemark.locations=filesystem:" + this.folder)
			.withPropertyValues(properties)
			.withBean(JvmExit.class, () -> this.codes::add);
	}

	private ApplicationContextRunner undo(String... properties) {
		return runner(properties).withPropertyValues("tidemark.mode=undo");
	}

	private List<String> tables() {
		return this.database.rows("SELECT tablename FROM pg_tables WHERE tablename LIKE 't_' ORDER BY 1");
	}

	private static ErrorCode failure(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		return Stream.iterate(context.getStartupFailure(), Objects::nonNull, Throwable::getCause)
			.filter(TidemarkException.class::isInstance)
			.map((failure) -> ((TidemarkException) failure).code())
			.findFirst()
			.orElseThrow();
	}

	@Test
	void undoesDownToAVersionAndEndsWithZero() {
		undo("tidemark.undo.to=1", "tidemark.undo.reason=INC-4711").run((context) -> {
			assertThat(this.codes).containsExactly(0);
			assertThat(tables()).containsExactly("t1");
			assertThat(this.database.rows(NOTES)).containsExactly("INC-4711", "INC-4711");
		});
	}

	@Test
	void aReasonThatIsSetToNothingCountsAsNotSet() {
		undo("tidemark.undo.to=2", "tidemark.undo.reason=").run((context) -> {
			assertThat(this.codes).containsExactly(0);
			assertThat(this.database.rows(NOTES)).containsExactly("set as tidemark.undo");
		});
	}

	@Test
	void startedAgainItHasNothingToDoAndEndsWithZero(CapturedOutput output) {
		undo("tidemark.undo.from=3").run((context) -> assertThat(tables()).containsExactly("t1", "t2"));
		undo("tidemark.undo.from=3").run((context) -> assertThat(tables()).containsExactly("t1", "t2"));

		assertThat(this.codes).containsExactly(0, 0);
		assertThat(output).contains("Nothing is undone: not version 3 was applied last, but version 2.");
	}

	@Test
	void undoesSomeFromAVersionBackwards() {
		undo("tidemark.undo.from=3", "tidemark.undo.count=2")
			.run((context) -> assertThat(tables()).containsExactly("t1"));
	}

	@Test
	void undoesADeployment() {
		String id = this.database.value("SELECT DISTINCT deployment_id FROM tidemark_history");
		undo("tidemark.undo.deployment=" + id).run((context) -> assertThat(tables()).isEmpty());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			tidemark.undo.reason=r                    | It is not said what to undo.
			tidemark.undo.to=1,tidemark.undo.from=3   | What to undo is said more than once, by 'to' and by 'from'.
			tidemark.undo.count=1                     | said by 'count', but not from which one on, which takes 'from'.
			""")
	void itIsToldWhyItIsNotClearWhatToUndo(String properties, String told) {
		undo(properties.split(","))
			.run((context) -> assertThat(context.getStartupFailure()).rootCause().hasMessageContaining(told));
	}

	@Test
	void withoutASelectionItIsRefused() {
		undo().run((context) -> assertThat(failure(context)).isEqualTo(ErrorCode.UNDO_UNCLEAR));
		undo("tidemark.undo.count=1").run((context) -> assertThat(failure(context)).isEqualTo(ErrorCode.UNDO_UNCLEAR));
		undo("tidemark.undo.to=1", "tidemark.undo.from=3")
			.run((context) -> assertThat(failure(context)).isEqualTo(ErrorCode.UNDO_UNCLEAR));
		assertThat(this.codes).isEmpty();
		assertThat(tables()).hasSize(3);
	}

	@Test
	void dataIsKeptUnlessAReasonSaysOtherwise() {
		this.database.execute("INSERT INTO t3 VALUES (1)");
		undo("tidemark.undo.to=2").run((context) -> assertThat(failure(context)).isEqualTo(ErrorCode.DATA_LOSS));
		assertThat(tables()).hasSize(3);

		undo("tidemark.undo.to=2", "tidemark.undo.allow-data-loss=only test rows").run((context) -> {
			assertThat(tables()).containsExactly("t1", "t2");
			assertThat(this.database.rows(NOTES))
				.containsExactly("set as tidemark.undo; data loss allowed: only test rows");
		});
	}

	@Test
	void inAnotherModeTheSelectionDoesNothingAndThatIsSaid(CapturedOutput output) {
		runner("tidemark.undo.to=1").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(tables()).hasSize(3);
		});
		assertThat(output).contains("tidemark.undo does nothing with tidemark.mode=MIGRATE");
	}

	@Test
	void ofSeveralDatabasesNoneIsGuessed() {
		undo("tidemark.undo.to=1").withBean("orders", Tidemark.class, () -> tidemark("orders"))
			.withBean("stock", Tidemark.class, () -> tidemark("stock"))
			.run((context) -> assertThat(failure(context)).isEqualTo(ErrorCode.DATABASE_UNCLEAR));
		assertThat(tables()).hasSize(3);
	}

	@Test
	void undoesInTheDatabaseThatIsNamed() {
		String[] databases = { "tidemark.databases.one.schema=one", "tidemark.databases.two.schema=two" };
		runner(databases).run((context) -> assertThat(context).hasNotFailed());

		undo(databases).withPropertyValues("tidemark.undo.to=1")
			.run((context) -> assertThat(failure(context)).isEqualTo(ErrorCode.DATABASE_UNCLEAR));
		undo(databases).withPropertyValues("tidemark.undo.to=1", "tidemark.undo.database=two")
			.run((context) -> assertThat(this.codes).containsExactly(0));

		assertThat(
				this.database.value("SELECT count(*) FROM pg_tables WHERE schemaname = 'one' AND tablename LIKE 't_'"))
			.isEqualTo("3");
		assertThat(
				this.database.value("SELECT count(*) FROM pg_tables WHERE schemaname = 'two' AND tablename LIKE 't_'"))
			.isEqualTo("1");
	}

	@Test
	void undoesInTheTenantThatIsNamed() {
		runner("tidemark.tenants.schemas=acme").run((context) -> assertThat(context).hasNotFailed());

		undo("tidemark.tenants.schemas=acme", "tidemark.undo.to=1", "tidemark.undo.tenant=acme")
			.run((context) -> assertThat(this.codes).containsExactly(0));

		assertThat(
				this.database.value("SELECT count(*) FROM pg_tables WHERE schemaname = 'acme' AND tablename LIKE 't_'"))
			.isEqualTo("1");
	}

	private Tidemark tidemark(String historyTable) {
		return Tidemark
			.builder(ConnectionSource.of(this.database.jdbcUrl(), this.database.user(), this.database.password()))
			.locations("filesystem:" + this.folder)
			.historyTable(historyTable)
			.build();
	}

	@Test
	void aDecisionComesBeforeTheUndo() {
		this.database.execute(
				"""
						INSERT INTO tidemark_history (rank, kind, phase, version, description, script, state, statements_total,
						  statements_done, journal, started_at, installed_by, instance, tool_version, deployment_id)
						SELECT 4, 'undo', phase, version, description, script, 'interrupted', 2, 1, 'sha256:x', now(), 'me', 'pod',
						  tool_version, 'x' FROM tidemark_history WHERE rank = 3""");
		undo("tidemark.undo.to=1").run((context) -> assertThat(failure(context)).isEqualTo(ErrorCode.INTERRUPTED));

		undo("tidemark.undo.to=1", "tidemark.resolve.migration=3", "tidemark.resolve.rank=4",
				"tidemark.resolve.as=applied")
			.run((context) -> assertThat(tables()).containsExactly("t1"));
	}

}
