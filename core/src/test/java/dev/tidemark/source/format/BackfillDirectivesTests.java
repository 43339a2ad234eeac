package dev.tidemark.source.format;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Directives;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Script;
import dev.tidemark.migration.backfill.BackfillDirectives;
import dev.tidemark.migration.backfill.BackfillFile;
import dev.tidemark.migration.backfill.BackfillOption;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.Sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class BackfillDirectivesTests {

	private static final String UPDATE = "UPDATE users SET a = 1 WHERE {batch};";

	private MigrationFolder folder;

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
	}

	private static Directives read(String head) {
		return new DirectivesReader("-- tidemark: " + head + "\n" + UPDATE, "V8__x.backfill.sql",
				ScriptConfiguration.NONE)
			.read();
	}

	private static BackfillDirectives backfill(String head) {
		BackfillDirectives backfill = read(head).backfill();
		assertThat(backfill).isNotNull();
		return backfill;
	}

	private static @Nullable TidemarkException failure(String head) {
		return catchThrowableOfType(TidemarkException.class, () -> read(head));
	}

	private Sources sources() {
		return new MigrationSource(new SourceSettings(List.of(Location.of(this.folder.location())), true,
				StandardCharsets.UTF_8, Naming.DEFAULT))
			.read();
	}

	private Script load(String name, String sql) {
		this.folder.add(name, sql);
		Sources sources = sources();
		assertThat(sources.problems()).noneMatch((problem) -> problem.isError());
		Migration migration = sources.migrations().isEmpty() ? sources.undos().get(0) : sources.migrations().get(0);
		return migration.load();
	}

	private TidemarkException refusal(String name, String sql) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> load(name, sql));
		assertThat(failure).isNotNull();
		return failure;
	}

	@Test
	void theHeadSaysWhatIsWalked() {
		BackfillDirectives said = backfill(
				"batch table=sales.\"Order\" by=tenant,\"Id\" reads=later verify \"a = \"\"B\"\"\"");

		assertThat(said.table()).containsExactly("sales", "Order");
		assertThat(said.keys()).containsExactly("tenant", "Id");
		assertThat(said.verify()).isEqualTo("a = \"B\"");
		assertThat(said.options()).isEqualTo(Map.of(BackfillOption.READS, "later"));
		assertThat(backfill("batch table=USERS").table()).containsExactly("users");
		assertThat(backfill("batch table=users").keys()).isEmpty();
		assertThat(read("lock-timeout=1s").backfill()).isNull();
	}

	@ParameterizedTest
	@EnumSource
	void eachOptionIsADirective(BackfillOption option) {
		assertThat(backfill(option + "=\"" + option.example() + "\"").options())
			.isEqualTo(Map.of(option, option.example()));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "batch | lacks its table", "batch by=id | lacks its table", "batch table=a.b.c | no name of one",
					"batch table=\"a | lacks its closing quote",
					"batch table=${schema}.users | placeholders are not replaced", "batch table=1a | no name of one",
					"batch table=users by=a,,b | no list of columns", "batch table=users by=a.b | no list of columns",
					"batch table=users by=a,A | names the column A twice", "batch table=users by= | no list of columns",
					"batch=users | takes no value", "batch table=users table=users | says 'table' twice",
					"batch table=users batch table=users | stands in the file twice", "verify | lacks its condition",
					"verify a IS NULL | lacks its condition in double quotes", "verify \"\" | is empty",
					"verify \"a\" \"b\" | lacks its condition", "verify \"a; b\" | holds a semicolon",
					"verify \"${a} > 1\" | has a placeholder", "workers=0 | must be a whole number from 1 to 64",
					"duty=0 | must be a number from 0.01", "max-rows-per-second=0 | must be a whole number from 1",
					"size=60 max-size=50 | more keys than a batch may have", "reads=soon | unknown value 'soon'",
					"windows=22:00 | is no window", "requires=x | is no version", "requires=8,,9 | is no version",
					"worker=4 | is unknown", "size=1 size=2 | stands in the file twice" })
	void whatIsWrongIsToldWithItsPlace(String head, String what) {
		TidemarkException failure = failure(head);

		assertThat(failure).isNotNull();
		assertThat(failure.code()).isEqualTo(ErrorCode.DIRECTIVE);
		assertThat(failure.problems().get(0).what()).contains(what);
		assertThat(failure.problems().get(0).place().toString()).contains("V8__x.backfill.sql");
	}

	@Test
	void requiredVersionsAddUp() {
		assertThat(read("requires=8,7.1 requires=8.0").requires()).containsExactly(MigrationVersion.of("7.1"),
				MigrationVersion.of("8"));
	}

	@Test
	void aBackfillIsReadWithTrueInThePlaceOfItsCondition() {
		Script script = load("V8__x.backfill.sql", "-- tidemark: batch table=users by=id workers=2\n" + UPDATE);

		assertThat(script.statements().get(0).text()).isEqualTo("UPDATE users SET a = 1 WHERE TRUE   ");
		BackfillFile backfill = script.backfill();
		assertThat(backfill).isNotNull();
		assertThat(backfill.statements().get(0).sql((alias) -> "id < 3"))
			.isEqualTo("UPDATE users SET a = 1 WHERE (id < 3)");
		assertThat(load("V8__x.backfill.sql", "-- tidemark: batch table=users\n" + UPDATE).backfill()).isNotNull();
	}

	@Test
	void placeholdersStandBesideTheCondition() {
		this.folder.add("V8__x.backfill.sql",
				"-- tidemark: batch table=users placeholders=on\nUPDATE users SET a = 'é${tidemark:schema}' WHERE {batch};");

		Script script = sources().migrations().get(0).load();

		assertThat(script.statements().get(0).text()).contains("WHERE TRUE");
		assertThat(script.statements().get(0).source()).contains("${tidemark:schema}", "{batch}");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "V8__x.sql | batch table=users", "V8__x.contract.sql | verify \"a\"",
			"R__x.sql | workers=2", "B8__x.sql | reads=now", "U8__x.sql | batch table=users" })
	void theseBelongToBackfills(String name, String head) {
		TidemarkException failure = refusal(name, "-- tidemark: " + head + "\nSELECT 1;");

		assertThat(failure.code()).isEqualTo(ErrorCode.DIRECTIVE);
		assertThat(failure).hasMessageContaining("belongs to backfills");
	}

	@Test
	void aCallbackIsNoBackfillAndRequiresNothing() {
		for (String head : List.of("batch table=users", "requires=8")) {
			this.folder.add("afterMigrate__x.sql", "-- tidemark: " + head + "\nSELECT 1;");

			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> sources().callbacks().get(0).load());

			assertThat(failure).hasMessageContaining("belongs to migrations");
		}
	}

	@Test
	void aBackfillRunsInTransactions() {
		assertThat(refusal("V8__x.backfill.sql", "-- tidemark: batch table=users transaction=none\n" + UPDATE))
			.hasMessageContaining("cannot have 'transaction=none'");
		this.folder.add("V8__x.backfill.sql.conf", "executeInTransaction=false\n");
		assertThat(refusal("V8__x.backfill.sql", "-- tidemark: batch table=users\n" + UPDATE))
			.hasMessageContaining("executeInTransaction=false");
	}

	@ParameterizedTest
	@CsvSource({ "V9__x.sql, true", "V9__x.contract.sql, true", "V9__x.backfill.sql, true", "R__x.sql, true",
			"B9__x.sql, true", "V8__x.sql, false", "V7__x.sql, false", "U9__x.sql, false" })
	void onlyWhatIsNewerRequiresAVersion(String name, boolean accepted) {
		String sql = name.contains("backfill") ? "-- tidemark: batch table=users\n-- tidemark: requires=8\n" + UPDATE
				: "-- tidemark: requires=8\nSELECT 1;";
		if (accepted) {
			assertThat(load(name, sql).directives().requires()).containsExactly(MigrationVersion.of("8"));
		}
		else {
			assertThat(refusal(name, sql).code()).isEqualTo(ErrorCode.DIRECTIVE);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "requires=8", "lock-timeout=1s", "only=prod", "irreversible reason=\"gone\"",
			"transaction=none" })
	void aContractSaysWhatAnyFileMay(String head) {
		assertThat(load("V9__x.contract.sql", "-- tidemark: " + head + "\nALTER TABLE users DROP a;").backfill())
			.isNull();
	}

	@Test
	void whatKeepsAFileFromBeingABackfillIsToldBeforeItRuns() {
		TidemarkException failure = refusal("V8__x.backfill.sql", "UPDATE users SET a = 1;\nVACUUM users;");

		assertThat(failure.problems()).hasSize(3).allMatch((problem) -> problem.code() == ErrorCode.BACKFILL_FILE);
	}

	@Test
	void oneVersionHasOnePhase() {
		this.folder.add("a/V8__x.backfill.sql", UPDATE).add("b/V8__x.sql", UPDATE);

		assertThat(sources().problems()).singleElement()
			.satisfies((problem) -> assertThat(problem.code()).isEqualTo(ErrorCode.DUPLICATE))
			.satisfies((problem) -> assertThat(problem.what()).contains("claims version 8"));
	}

	@Test
	void theUndoFileOfABackfillIsFoundByItsVersion() {
		this.folder.add("V8__x.backfill.sql", UPDATE).add("U8__x.sql", "UPDATE users SET a = NULL;");

		assertThat(sources().problems()).isEmpty();
		assertThat(sources().migrations().get(0).undoScript()).endsWith("/U8__x.sql");
	}

}
