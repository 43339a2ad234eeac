package dev.tidemark.migrate;

import java.nio.file.Path;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.fixture.LogOf;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.RunResult;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A database that has {@code standard_conforming_strings} off, as old ones do.
 */
@ExtendWith(PostgresExtension.class)
class StandardStringsTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	StandardStringsTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
	}

	private void switchOff() {
		this.database.execute("ALTER DATABASE " + this.database.name() + " SET standard_conforming_strings = off");
	}

	private RunResult migrate() {
		return this.folder.tidemark(this.database).build().migrate();
	}

	@Test
	void aBackslashThatMeansSomethingElseHereIsToldOnce() {
		switchOff();
		this.folder.add("V1__a.sql", "CREATE TABLE a (t text)")
			.add("V2__b.sql", "INSERT INTO a VALUES ('a\\nb'), (E'x\\ty')")
			.add("V3__c.sql", "INSERT INTO a VALUES ('c\\nd')");
		try (LogOf log = new LogOf("dev.tidemark")) {
			RunResult result = migrate();

			assertThat(result.warnings()).extracting(Problem::code).containsExactly(ErrorCode.STANDARD_STRINGS);
			assertThat(log.at(Level.WARN)).singleElement()
				.asString()
				.contains("TM-DB-014", "V2__b.sql", "standard_conforming_strings off", "E'...'");
		}
		assertThat(this.database.rows("SELECT length(t) FROM a")).containsExactly("4", "3", "4");
	}

	@Test
	void filesWithoutBackslashesMeanTheSame() {
		switchOff();
		this.folder.add("V1__a.sql", "CREATE TABLE a (t text)");

		assertThat(migrate().warnings()).isEmpty();
	}

	@Test
	void whereItIsOnNothingIsTold() {
		this.folder.add("V1__a.sql", "SELECT 'a\\nb'");

		assertThat(migrate().warnings()).isEmpty();
	}

}
