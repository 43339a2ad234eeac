package dev.tidemark.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.author.NewMigration;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.source.folder.Exclusions;
import dev.tidemark.source.folder.FolderIndex;
import dev.tidemark.source.format.Naming;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Files below a location that are no migrations by their names.
 */
class DoubtfulFilesTests {

	@TempDir
	private Path folder;

	private void write(String name) throws IOException {
		Path file = this.folder.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, "SELECT '" + name + "'");
	}

	private Sources read(String... exclude) {
		return new MigrationSource(new SourceSettings(List.of(Location.of("filesystem:" + this.folder)), true,
				SourceSettings.DEFAULT.encoding(), Naming.DEFAULT, Placeholders.DEFAULT, null, Exclusions.of(exclude)))
			.read();
	}

	@Test
	void aScriptBesideTheMigrationOfItsVersionStopsNothingAndIsNotToBeRenamed() throws IOException {
		write("V1.0.0.1__schema.sql");
		write("rollback/1.0.0.1__schema-drop.sql");

		assertThat(read().problems()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.FILE_NAME);
			assertThat(problem.isError()).isFalse();
			assertThat(problem.what()).contains("its name has no prefix, and version 1.0.0.1 has ",
					"V1.0.0.1__schema.sql");
			assertThat(problem.remedy())
				.isEqualTo("Move it out of the location, or exclude it: tidemark.files.exclude=rollback/**");
		});
	}

	@Test
	void aNumberWhoseVersionNobodyHasCouldBeAMigrationAndStops() throws IOException {
		write("V1__a.sql");
		write("rollback/1.0.0.1__schema-drop.sql");

		assertThat(read().problems()).singleElement().satisfies((problem) -> {
			assertThat(problem.isError()).isTrue();
			assertThat(problem.what()).endsWith("its name has no prefix V, R, U or B.");
			assertThat(problem.remedy())
				.isEqualTo("If it is a migration, give it a name like V1__description.sql. If it"
						+ " is not for Tidemark, move it out of the location, or exclude it: tidemark.files.exclude=rollback/**");
		});
		assertThat(read("rollback/**").problems()).isEmpty();
	}

	@Test
	void filesOfOneFolderThatAreAlikeAreToldOnce() throws IOException {
		write("V1__a.sql");
		write("rollback/7__a.sql");
		write("rollback/more/8__b.sql");
		write("rollback/9__c.sql");

		assertThat(read().problems()).singleElement()
			.extracting(Problem::what)
			.asString()
			.endsWith("The same goes for 2 other files below this folder.");
	}

	@Test
	void whereMigrationsLieBesideOnlyTheFileItselfIsExcluded() throws IOException {
		write("core/V1__a.sql");
		write("core/helpers, old.sql");
		write("notes.sql");

		assertThat(read().problems()).extracting(Problem::isError).containsOnly(false);
		assertThat(read().problems()).extracting(Problem::remedy)
			.allSatisfy((remedy) -> assertThat(remedy).startsWith("If it is a migration, give it a name like"))
			.satisfiesExactlyInAnyOrder(
					(remedy) -> assertThat(remedy).endsWith("tidemark.files.exclude=core/helpers? old.sql"),
					(remedy) -> assertThat(remedy).endsWith("tidemark.files.exclude=notes.sql"));
		assertThat(read("core/helpers? old.sql", "notes.sql").problems()).isEmpty();
	}

	@Test
	void aSlipOfThePenIsToldWithItsRightNameAndExcludesNoFolder() throws IOException {
		write("new/V7_add.sql");

		assertThat(read().problems()).filteredOn(Problem::isError).singleElement().satisfies((problem) -> {
			assertThat(problem.remedy()).startsWith("If it is a migration, rename it to V7__add.sql. ")
				.endsWith("tidemark.files.exclude=new/V7_add.sql");
		});
	}

	@Test
	void aScriptWithTheVersionOfAnotherIsNotOnlyToldToBeRenamed() throws IOException {
		write("V7__a.sql");
		write("rollback/V7__drop.sql");

		assertThat(read().problems()).singleElement()
			.extracting(Problem::remedy)
			.asString()
			.contains("If one of them is no migration", "exclude it by tidemark.files.exclude");
		assertThat(read("rollback/**").problems()).isEmpty();
	}

	@Test
	void aPhaseThatAKindHasNotExcludesNoFolder() throws IOException {
		write("V1__a.sql");
		write("later/U1__a.backfill.sql");

		assertThat(read().problems()).singleElement()
			.extracting(Problem::remedy)
			.asString()
			.endsWith("tidemark.files.exclude=later/U1__a.backfill.sql");
	}

	@Test
	void aVersionThatIsTakenIsNotSuggestedAgain() throws IOException {
		write("V7__a.sql");
		write("V7_add.sql");

		assertThat(read().problems().get(0).remedy())
			.startsWith("If it is a migration, rename it to V8__add.sql, the next free version: version 7 is taken. ");
	}

	@Test
	void whatIsExcludedIsNeitherReadNorToldOfWhateverItsName() throws IOException {
		write("V1__a.sql");
		write("old/V1__other.sql");
		write("old/V2_x.sql");
		write("old/U1__a.sql");
		write("old/afterMigrate.sql");
		write("old/V3__b.sql.conf");
		Sources sources = read("old/**");

		assertThat(sources.problems()).isEmpty();
		assertThat(sources.migrations()).hasSize(1);
		assertThat(sources.undos()).isEmpty();
		assertThat(sources.callbacks()).isEmpty();
		assertThat(sources.excluded()).containsOnlyKeys(new Identity.Versioned(MigrationVersion.of("1")));
	}

	@Test
	void aLocationOfWhichAllIsExcludedSaysSo() throws IOException {
		write("V1__a.sql");

		assertThat(read("**").problems()).singleElement()
			.extracting(Problem::what)
			.isEqualTo("The location holds no migration but what tidemark.files.exclude leaves out.");
	}

	@Test
	void theIndexLeavesOutWhatIsExcluded() throws IOException {
		write("V1__a.sql");
		write("rollback/1__a.sql");

		IndexWriter.main("--exclude=rollback/**,x.sql", this.folder.toString());

		assertThat(Files.readString(this.folder.resolve(FolderIndex.NAME))).contains("V1__a.sql")
			.doesNotContain("rollback");
	}

	@Test
	void aNewMigrationIsMadeBesideWhatIsExcluded() throws IOException {
		write("V1__a.sql");
		write("rollback/7__a.sql");

		NewMigration.main(this.folder.toString(), "add b", "--exclude=rollback/**");

		assertThat(this.folder.resolve("V2__add_b.sql")).exists();
	}

}
