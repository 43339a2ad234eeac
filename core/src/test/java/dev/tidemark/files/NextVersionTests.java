package dev.tidemark.files;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Which new name a start suggests for a file that cannot keep its version.
 */
@ExtendWith(PostgresExtension.class)
class NextVersionTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	NextVersionTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a ()")
			.add("V3__c.sql", "CREATE TABLE c ()");
		migrate();
	}

	private Tidemark tidemark(CodeMigration... code) {
		Tidemark.Builder builder = this.folder.tidemark(this.database);
		List.of(code).forEach(builder::migration);
		return builder.build();
	}

	private void migrate(CodeMigration... code) {
		tidemark(code).migrate();
	}

	private Problem problem(CodeMigration... code) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> migrate(code));
		return failure.problems().get(0);
	}

	/** Leaves what a newer build has applied. */
	private void appliedByANewerBuild(String... files) {
		for (String file : files) {
			this.folder.add(file, "SELECT 1");
		}
		migrate();
		for (String file : files) {
			this.folder.remove(file);
		}
	}

	@Test
	void aFileThatComesTooLateIsToldItsNewName() {
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		assertThat(problem().code()).isEqualTo(ErrorCode.OUT_OF_ORDER);
		assertThat(problem().remedy())
			.startsWith("If it is applied nowhere, rename V2__b.sql to V4__b.sql, the next free version; or set");
	}

	@Test
	void eachOfSeveralIsToldAnotherOne() {
		this.folder.add("V2__b.sql", "CREATE TABLE b ()").add("V2_5__c.sql", "CREATE TABLE d ()");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, this::migrate);

		assertThat(failure).hasMessageContaining("rename V2__b.sql to V4__b.sql")
			.hasMessageContaining("rename V2_5__c.sql to V5__c.sql");
	}

	@Test
	void whatANewerBuildHasAppliedIsNotFree() {
		appliedByANewerBuild("V006__f.sql", "V007__g.sql");
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		assertThat(problem().remedy()).contains("rename V2__b.sql to V008__b.sql");
	}

	@Test
	void whatCodeHasIsNotFree() {
		migrate(new Seven());
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		assertThat(problem(new Seven()).remedy()).contains("rename V2__b.sql to V8__b.sql");
	}

	@Test
	void whatWasSkippedIsNotFree() {
		this.folder.add("V9__i.sql", "SELECT 1");
		this.folder.tidemark(this.database).skip(Map.of(Identity.of("9"), "not here")).build().migrate();
		this.folder.remove("V9__i.sql").add("V2__b.sql", "CREATE TABLE b ()");

		assertThat(problem().remedy()).contains("rename V2__b.sql to V10__b.sql");
	}

	@Test
	void codeThatComesTooLateIsToldItsNewVersion() {
		appliedByANewerBuild("V8__h.sql");

		assertThat(problem(new Seven()).remedy())
			.contains("let identity() of " + Seven.class.getName() + " return version 9, the next free version");
	}

	@Test
	void ofTwoFilesTheOneThatTheDatabaseHasIsNamed() {
		this.folder.add("V3__b.sql", "CREATE TABLE other ()");

		assertThat(problem().code()).isEqualTo(ErrorCode.DUPLICATE);
		assertThat(problem().remedy()).startsWith("This database has applied " + path("V3__c.sql")
				+ ": leave that one as it is, and rename V3__b.sql to V4__b.sql, the next free version.");
	}

	@Test
	void theTextTellsWhichOneItHasIfThatWasRenamed() {
		this.folder.remove("V3__c.sql").add("V3__x.sql", "CREATE TABLE c ()").add("V3__y.sql", "CREATE TABLE y ()");

		assertThat(problem().remedy()).startsWith("This database has applied " + path("V3__x.sql"))
			.contains("rename V3__y.sql to V4__y.sql");
	}

	@Test
	void thatTheDatabaseHasNeitherIsSaid() {
		this.folder.remove("V3__c.sql").add("V3__x.sql", "SELECT 1").add("V3__y.sql", "SELECT 2");

		assertThat(problem().remedy()).startsWith("This database has applied another file as version 3, ")
			.contains("V3__c.sql: restore that one");
	}

	@Test
	void twoNewFilesAreToldThatTheDatabaseHasNone() {
		this.folder.add("V4__x.sql", "SELECT 1").add("V4__y.sql", "SELECT 2");

		assertThat(problem().remedy())
			.startsWith("This database has applied neither. If no other one has either, rename V4__y.sql to V5__y.sql");
	}

	@Test
	void aFileWithASlipOfThePenIsNotSentToAVersionThatTheDatabaseHas() {
		appliedByANewerBuild("V6__f.sql", "V7__g.sql");
		this.folder.add("V6_add.sql", "SELECT 1");

		assertThat(problem().remedy())
			.startsWith("If it is a migration, rename it to V8__add.sql, the next free version: version 6 is taken.");
	}

	@Test
	void filesThatComeTooLateAndFilesOfOneVersionAreNotSentToTheSameOne() {
		this.folder.add("V2__b.sql", "CREATE TABLE b ()").add("V3__d.sql", "CREATE TABLE d ()");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, this::migrate);

		assertThat(failure).hasMessageContaining("rename V3__d.sql to V4__d.sql")
			.hasMessageContaining("rename V2__b.sql to V5__b.sql");
	}

	@Test
	void whatANewerBuildHasDoneInPartIsNotFree() {
		this.folder.add("V4__i.sql", "CREATE INDEX CONCURRENTLY i ON a (nothing)").add("V5__j.sql", "SELECT 1");
		catchThrowableOfType(TidemarkException.class, this::migrate);
		this.database
			.execute("UPDATE tidemark_history SET statements_done = 1, statements_total = 2 WHERE version = '4'");
		this.folder.remove("V4__i.sql").remove("V5__j.sql").add("V2__b.sql", "CREATE TABLE b ()");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, this::migrate);

		assertThat(failure).hasMessageContaining("rename V2__b.sql to V5__b.sql");
	}

	@Test
	void theUndoFileGoesWithTheFileThatComesTooLate() {
		this.folder.add("V2__b.sql", "CREATE TABLE b ()").add("U2__back.sql", "DROP TABLE b");

		assertThat(problem().remedy())
			.contains("rename V2__b.sql to V4__b.sql (and U2__back.sql to U4__back.sql if that takes it back),");
	}

	@Test
	void theEndpointSaysTheSame() {
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		assertThat(tidemark().inspect(InspectRequest.everything().within(Duration.ofSeconds(30))).problems())
			.extracting(Problem::remedy)
			.anySatisfy((remedy) -> assertThat(remedy).contains("rename V2__b.sql to V4__b.sql"));
	}

	private String path(String name) {
		return tidemark().inspect(InspectRequest.everything().within(Duration.ofSeconds(30)))
			.migrations()
			.stream()
			.map((migration) -> migration.script())
			.findFirst()
			.map((script) -> script.substring(0, script.lastIndexOf('/') + 1) + name)
			.orElseThrow();
	}

	/** A migration in code. */
	static final class Seven implements CodeMigration {

		@Override
		public Identity identity() {
			return Identity.of("7");
		}

		@Override
		public void migrate(JdbcContext jdbc) {
			jdbc.client().sql("SELECT 7").query().listOfRows();
		}

	}

}
