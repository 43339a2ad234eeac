package dev.tidemark.source.format;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;

import static org.assertj.core.api.Assertions.assertThat;

class PhaseNamesTests {

	private static FileName parse(String name) {
		return new TidemarkFormat(Naming.DEFAULT).parse(name);
	}

	private static FileName.Doubtful problem(String name) {
		return (FileName.Doubtful) parse(name);
	}

	@ParameterizedTest
	@CsvSource({ "V8__copy_email.backfill.sql, 8, BACKFILL, copy email",
			"V9__drop_email.contract.sql, 9, CONTRACT, drop email", "db/V1.2__x.contract.sql, 1.2, CONTRACT, x",
			"V8__.backfill.sql, 8, BACKFILL, ''", "V8.backfill.sql, 8, BACKFILL, ''",
			"V8__a.b.backfill.sql, 8, BACKFILL, a.b", "V8__x.sql, 8, EXPAND, x",
			"V8__backfill.sql, 8, EXPAND, backfill", "V8__x_contract.sql, 8, EXPAND, x contract",
			"V8__x.expand.sql, 8, EXPAND, x.expand", "V8__crm.contacts.sql, 8, EXPAND, crm.contacts",
			"V8__crm.contact.sql, 8, EXPAND, crm.contact" })
	void theNameOfAVersionSaysItsPhase(String name, String version, Phase phase, String description) {
		assertThat(parse(name))
			.isEqualTo(new FileName.Known(new Identity.Versioned(MigrationVersion.of(version)), phase, description));
	}

	@ParameterizedTest
	@CsvSource({ "V8__x.Backfill.sql, V8__x.backfill.sql, V8__x_Backfill.sql",
			"V8__x.backfil.sql, V8__x.backfill.sql, V8__x_backfil.sql",
			"V8__x.bcakfill.sql, V8__x.backfill.sql, V8__x_bcakfill.sql",
			"V8__x.CONTRACT.sql, V8__x.contract.sql, V8__x_CONTRACT.sql",
			"V8__x.contracts.sql, V8__x.contract.sql, V8__x_contracts.sql" })
	void aPhaseThatIsMistypedRunsNothing(String name, String meant, String plain) {
		FileName.Doubtful problem = problem(name);

		assertThat(problem.code()).isEqualTo(ErrorCode.FILE_NAME);
		assertThat(problem.isError()).isTrue();
		assertThat(problem.renamed()).isEqualTo(meant);
		assertThat(problem.remedy()).contains("rename it to " + meant, plain);
		assertThat(((FileName.Known) parse(meant)).phase()).isNotEqualTo(Phase.EXPAND);
		assertThat(((FileName.Known) parse(plain)).phase()).isEqualTo(Phase.EXPAND);
	}

	@Test
	void aFileHasOnePhase() {
		assertThat(problem("V8__x.backfill.contract.sql").what()).contains("two phases: 'backfill' and 'contract'");
		assertThat(problem("V8__x.contract.Backfill.sql").isError()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "R__x.backfill.sql, R__x.sql", "U8__x.backfill.sql, U8__x.sql", "U8__x.contract.sql, U8__x.sql",
			"B8__x.contract.sql, B8__x.sql" })
	void onlyVersionsHavePhases(String name, String renamed) {
		FileName.Doubtful problem = problem(name);

		assertThat(problem.code()).isEqualTo(ErrorCode.FILE_KIND);
		assertThat(problem.isError()).isTrue();
		assertThat(problem.renamed()).isEqualTo(renamed);
		assertThat(problem.remedy()).startsWith("Rename it to " + renamed);
	}

	@Test
	void aCallbackHasNoPhase() {
		assertThat(problem("afterMigrate__x.backfill.sql").code()).isEqualTo(ErrorCode.FILE_KIND);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "R__public.contracts.sql", "R__x.backfil.sql", "B8__x.contracts.sql", "U8__x.contracts.sql" })
	void whatHasNoPhaseMayBeCalledNearlySo(String name) {
		assertThat(parse(name)).isNotInstanceOf(FileName.Doubtful.class);
	}

	@ParameterizedTest
	@CsvSource({ "V8_x.backfill.sql, V8__x.backfill.sql", "v8__x.contract.sql, V8__x.contract.sql",
			"V8__x.contract.SQL, V8__x.contract.sql" })
	void aNearMissKeepsItsPhase(String name, String renamed) {
		assertThat(problem(name).renamed()).isEqualTo(renamed);
	}

	@ParameterizedTest
	@CsvSource({ "db/V8__x.backfill.sql, BACKFILL, db/U8__x.sql", "V8__x.contract.sql, CONTRACT, U8__x.sql",
			"V8__x.sql, EXPAND, U8__x.sql" })
	void theUndoFileOfAPhaseIsPlain(String script, Phase phase, String undo) {
		assertThat(Naming.DEFAULT.undoOf(script, phase)).isEqualTo(undo);
	}

	@ParameterizedTest
	@CsvSource({ "V8__x.backfill.sql, V9__x.backfill.sql", "V8.contract.sql, V9.contract.sql", "V8.sql, V9.sql" })
	void anotherVersionKeepsThePhase(String script, String renamed) {
		assertThat(Naming.DEFAULT.withVersion(script, "9")).isEqualTo(renamed);
	}

	@Test
	void otherNamingsHavePhasesToo() {
		TidemarkFormat format = new TidemarkFormat(
				new Naming("", "again", "undo", "all", "-", List.of(".psql", ".sql")));

		assertThat(format.parse("8-x.backfill.psql"))
			.isEqualTo(new FileName.Known(new Identity.Versioned(MigrationVersion.of("8")), Phase.BACKFILL, "x"));
		assertThat(((FileName.Doubtful) format.parse("again-x.contract.sql")).code()).isEqualTo(ErrorCode.FILE_KIND);
	}

}
