package dev.tidemark.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What {@code pg_dump} writes runs as a migration as it is.
 */
@ExtendWith(PostgresExtension.class)
class PlainDumpTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	PlainDumpTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void prepare(@TempDir Path directory) {
		this.folder = new MigrationFolder(directory);
	}

	private Tidemark tidemark() {
		return this.folder.tidemark(this.database).build();
	}

	private String dump() throws IOException {
		try (InputStream in = getClass().getResourceAsStream("/dump/V1__dump.sql")) {
			String dump = new String(in.readAllBytes(), StandardCharsets.UTF_8);
			boolean old = this.database.rows("SELECT 1 FROM pg_settings WHERE name = 'transaction_timeout'").isEmpty();
			return old ? dump.replace("SET transaction_timeout = 0;\n", "") : dump;
		}
	}

	@Test
	void aPlainDumpRunsWithTheLinesThatRestrictPsql() throws IOException {
		assertThat(dump()).contains("\n\\restrict ", "\n\\unrestrict ");
		this.folder.add("V1__dump.sql", dump())
			.add("V2__more.sql", "UPDATE parcels SET note = upper(note) WHERE id = 1");
		tidemark().migrate();

		assertThat(this.database.rows("SELECT id, note, n FROM parcels ORDER BY id")).containsExactly(
				"1|IT'S \"QUOTED\"; -- NOT A COMMENT /* NOR THIS|2", "2|tab\\there $$ dollar|", "3||3", "4|\\.|4");
		assertThat(tidemark().migrate().applied()).isEmpty();
	}

	@Test
	void anErrorBehindSuchALineIsToldAtItsOwnLine() {
		this.folder.add("V1__a.sql", "--\n\\restrict abc\n\nSELECT 1;\n  SELECT * FROM missing;\n\\unrestrict abc\n");
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());

		assertThat(failure.problems().get(0).place()).asString().contains("V1__a.sql:5:");
	}

	@Test
	void otherCommandsForPsqlAreToldAllAtOnceAndNothingRuns() {
		this.folder.add("V1__a.sql", "\\connect shop\nCREATE TABLE a ();\n\\set x 1\n\\i more.sql\n");
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());

		assertThat(failure.problems()).extracting((problem) -> problem.place().line()).containsExactly(1, 3, 4);
		assertThat(this.database.rows("SELECT to_regclass('a') IS NULL")).containsExactly("t");
	}

}
