package dev.tidemark.source.format;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TidemarkFormatTests {

	private static FileName parse(String name) {
		return parse(Naming.DEFAULT, name);
	}

	private static FileName parse(Naming naming, String name) {
		return new TidemarkFormat(naming).parse(name);
	}

	private static FileName.Doubtful problem(String name) {
		assertThat(parse(name)).isInstanceOf(FileName.Doubtful.class);
		return (FileName.Doubtful) parse(name);
	}

	@ParameterizedTest
	@CsvSource({ "V1__add_x.sql, 1, add x", "V1_2__add.sql, 1.2, add", "V1.2.3__a.sql, 1.2.3, a",
			"V20261120103000__a.sql, 20261120103000, a", "V1___odd.sql, 1, odd", "V3__a__b.sql, 3, a  b",
			"V4__Grüße fra æøå's.sql, 4, Grüße fra æøå's", "V5.sql, 5, ''", "V6__.sql, 6, ''" })
	void theseAreVersioned(String name, String version, String description) {
		assertThat(parse(name))
			.isEqualTo(new FileName.Known(new Identity.Versioned(MigrationVersion.of(version)), description));
	}

	@Test
	void aRepeatableIsKnownByItsName() {
		assertThat(parse("R__active_users.sql"))
			.isEqualTo(new FileName.Known(new Identity.Repeatable("active users"), "active users"));
	}

	@ParameterizedTest
	@CsvSource({ "B20__all_tables.sql, 20, all tables", "B1_2__a.sql, 1.2, a", "B5.sql, 5, ''" })
	void theseAreBaselines(String name, String version, String description) {
		assertThat(parse(name))
			.isEqualTo(new FileName.Known(new Identity.Baseline(MigrationVersion.of(version)), description));
	}

	@ParameterizedTest
	@CsvSource({ "R,R,U,B", "V,V,U,B", "V,R,V,B", "V,R,U,R", "V,R,B,B" })
	void prefixesHaveToDiffer(String versioned, String repeatable, String undo, String baseline) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Naming(versioned, repeatable, undo, baseline, "__", List.of(".sql")))
			.withMessageContaining("must differ from each other");
	}

	@Test
	void onlyThePrefixOfVersionsMayBeEmpty() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Naming("V", "R", "", "B", "__", List.of(".sql")))
			.withMessage("'naming.undo-prefix' must not be empty");
		assertThatIllegalArgumentException().isThrownBy(() -> new Naming("V", "R", "U", "", "__", List.of(".sql")))
			.withMessage("'naming.baseline-prefix' must not be empty");
	}

	@Test
	void prefixSeparatorAndSuffixesAreConfigurable() {
		Naming naming = new Naming("m", "r", "undo", "all", "-", List.of(".ddl", ".pgsql"));

		assertThat(parse(naming, "m7-x.pgsql"))
			.isEqualTo(new FileName.Known(new Identity.Versioned(MigrationVersion.of("7")), "x"));
		assertThat(parse(naming, "r-x.ddl")).isEqualTo(new FileName.Known(new Identity.Repeatable("x"), "x"));
		assertThat(parse(naming, "undo7-x.ddl"))
			.isEqualTo(new FileName.Undo(new Identity.Versioned(MigrationVersion.of("7")), "x"));
		assertThat(parse(naming, "all7-x.ddl"))
			.isEqualTo(new FileName.Known(new Identity.Baseline(MigrationVersion.of("7")), "x"));
		assertThat(parse(naming, "V1__x.sql")).isInstanceOf(FileName.Ignored.class);
	}

	@Test
	void thePrefixOfVersionsMayBeEmpty() {
		Naming naming = new Naming("", "R", "U", "B", "__", List.of(".sql"));

		assertThat(parse(naming, "20170101__x.sql"))
			.isEqualTo(new FileName.Known(new Identity.Versioned(MigrationVersion.of("20170101")), "x"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "V1_add.sql", "v1__x.sql", "V__x.sql", "V1__x.SQL", "V1-x.sql", "V1 x.sql", "Va1__x.sql",
			"V1a__x.sql", "1__x.sql", "R_x.sql", "r__x.sql", "R1__x.sql", "R__.sql", "v1.sql" })
	void theseNearlyMatch(String name) {
		FileName.Doubtful problem = problem(name);

		assertThat(problem.code()).isEqualTo(ErrorCode.FILE_NAME);
		assertThat(problem.isError()).isTrue();
		assertThat(problem.remedy()).startsWith("If it is a migration, ");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "V1_add.sql|the separator __ is missing", "v1__x.sql|its prefix is not written V",
					"u7__x.sql|its prefix is not written U", "r__x.sql|its prefix is not written R",
					"V__x.sql|it has no version before __", "V1__x.SQL|its suffix is not written .sql",
					"V1a__x.sql|its version '1a' is not made of digits", "R__.sql|it has no name behind R__",
					"R1__x.sql|a repeatable has no version, and '1' stands between R and __",
					"1.0.0.1__schema-drop.sql|its name has no prefix V, R, U or B" })
	void theReasonIsTheTrueOne(String name, String reason) {
		assertThat(problem(name).what()).contains("looks like a migration, but " + reason);
	}

	@ParameterizedTest
	@CsvSource({ "V1_add.sql,V1__add.sql", "v1__x.sql,V1__x.sql", "V1__x.SQL,V1__x.sql", "V1-x.sql,V1__x.sql",
			"V1 x.sql,V1__x.sql", "R_x.sql,R__x.sql", "r__x.sql,R__x.sql", "v1.sql,V1.sql", "u2_x.sql,U2__x.sql",
			"V2024_01_02_x.SQL,V2024_01_02__x.sql", "afterMigrate__x.SQL,afterMigrate__x.sql" })
	void theNameThatWasMeantIsTold(String name, String renamed) {
		assertThat(problem(name).renamed()).isEqualTo(renamed);
		assertThat(problem(name).remedy()).isEqualTo("If it is a migration, rename it to " + renamed + ".");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.0.0.1__schema-drop.sql", "1__x.sql", "V__x.sql", "Va1__x.sql", "R1__x.sql" })
	void noNameIsTakenForGrantedThatIsNotClear(String name) {
		assertThat(problem(name).renamed()).isNull();
		assertThat(problem(name).remedy()).contains("a name like V1__description.sql");
	}

	@ParameterizedTest
	@ValueSource(strings = { "helpers.sql", "vacuum_all.sql", "readme.sql", "Version.sql", "b_tree.sql", "v_orders.sql",
			"base64__functions.sql", "b2b_orders.sql", "u_helper.sql", "view_2024__x.sql", "helpers.SQL", "001_x.sql",
			"2024-01-01.sql" })
	void theseAreToldOfButStopNothing(String name) {
		assertThat(problem(name).isError()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "README.md", "V1__x.sql.bak", "V1__x.txt", ".gitkeep" })
	void theseAreNoBusinessOfARun(String name) {
		assertThat(parse(name)).isInstanceOf(FileName.Ignored.class);
	}

	@ParameterizedTest
	@CsvSource({ "U7__add_email.sql, 7, add email", "U1.2.sql, 1.2, ''", "U007__x.backfil.sql, 7, x.backfil" })
	void anUndoFileHasTheVersionThatItUndoes(String name, String version, String description) {
		assertThat(parse(name))
			.isEqualTo(new FileName.Undo(new Identity.Versioned(MigrationVersion.of(version)), description));
	}

	@Test
	void theFolderThatAFileLiesInSaysNothing() {
		assertThat(parse("db/V9__old/R__new/V1__x.sql")).isEqualTo(parse("V1__x.sql"));
	}

	@ParameterizedTest
	@CsvSource({ "V1__x.sql.conf, true", "V1__x.SQL.Conf, true", "helpers.sql.conf, true", "flyway.conf, false",
			"V1__x.conf, false", "V1__x.sql, false", ".conf, false", "conf, false" })
	void aConfigurationIsKnownByTheNameOfItsScript(String name, boolean expected) {
		assertThat(new TidemarkFormat(Naming.DEFAULT).isConfiguration(name)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "beforeMigrate.sql, BEFORE_MIGRATE, ''", "afterMigrate__grants.sql, AFTER_MIGRATE, grants",
			"afterEachMigrateStatementError__a__b.sql, AFTER_EACH_MIGRATE_STATEMENT_ERROR, a  b",
			"afterMigrate__V1__x.sql, AFTER_MIGRATE, V1  x", "beforeCreateSchema.sql, BEFORE_CREATE_SCHEMA, ''",
			"createSchema__x.sql, BEFORE_CREATE_SCHEMA, x" })
	void theseRunAtEvents(String name, CallbackEvent event, String description) {
		assertThat(parse(name)).isEqualTo(new FileName.Callback(event, description));
	}

	@ParameterizedTest
	@EnumSource(CallbackEvent.class)
	void everyEventHasAFile(CallbackEvent event) {
		assertThat(parse(event + ".sql")).isEqualTo(new FileName.Callback(event, ""));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "afterMigrate_grants.sql", "aftermigrate.sql", "BeforeMigrate.sql", "afterMigrateGrants.sql",
					"beforeEach.sql", "beforeEachMigrateError.sql", "createSchemas.sql", "afterCleanUp.sql" })
	void theseNearlyMatchAnEvent(String name) {
		FileName.Doubtful problem = problem(name);

		assertThat(problem.code()).isEqualTo(ErrorCode.FILE_NAME);
		assertThat(problem.isError()).isTrue();
		assertThat(problem.remedy()).contains("afterMigrate__description.sql", "beforeEachMigrate,");
	}

	@ParameterizedTest
	@ValueSource(strings = { "beforeClean.sql", "afterCleanError__x.sql", "afterBaseline.sql", "beforeRepair.sql",
			"afterInfo.sql", "afterInfoOperationFinish.sql", "beforeDeploy.sql", "beforeConnect.sql",
			"afterValidateOperationFinish.sql" })
	void eventsThatHaveNoMeaningHereAreRefused(String name) {
		FileName.Doubtful problem = problem(name);

		assertThat(problem.code()).isEqualTo(ErrorCode.CALLBACK_EVENT);
		assertThat(problem.isError()).isTrue();
	}

	@Test
	void whatShallRunInEachSessionBelongsToItsSetting() {
		assertThat(problem("afterConnect.sql").remedy()).contains("tidemark.connection.init-sql");
	}

}
