package dev.tidemark.migrate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeBackfill;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.KeysOfBatch;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Backfills that are written in Java.
 */
@ExtendWith(PostgresExtension.class)
class CodeBackfillTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	CodeBackfillTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void tables(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql",
				"CREATE TABLE users (tenant int, \"Id\" int, a int, PRIMARY KEY (tenant, \"Id\"));"
						+ "INSERT INTO users VALUES (1, 2), (1, 1), (0, 9);");
	}

	private @Nullable TidemarkException refusal(Fill backfill) {
		return catchThrowableOfType(TidemarkException.class,
				() -> this.folder.tidemark(this.database).backfill(backfill).build().migrate());
	}

	@Test
	void inASchemaThatHeldNothingItIsCalledOnceForTheWholeTable() {
		Fill fill = new Fill("2", "users", List.of());

		this.folder.tidemark(this.database).backfill(fill).build().migrate();

		assertThat(fill.conditions).containsExactly("TRUE", "TRUE");
		assertThat(fill.keys).containsExactly(List.of(0, 9), List.of(1, 1), List.of(1, 2));
		assertThat(this.database.value("SELECT count(*) FROM users WHERE a = 1")).isEqualTo("3");
		assertThat(this.database.value("SELECT phase FROM tidemark_history WHERE version = '2'")).isEqualTo("backfill");
	}

	@Test
	void itIsWalkedByTheKeyThatItNames() {
		Fill fill = new Fill("2", "public.users", List.of("\"Id\""));

		this.folder.tidemark(this.database).backfill(fill).build().migrate();

		assertThat(fill.keys).containsExactly(List.of(1), List.of(2), List.of(9));
	}

	@Test
	void namesThatAreNoneAreRefusedBeforeAnythingRuns() {
		for (Fill fill : List.of(new Fill("2", "users; DROP TABLE users", List.of()), new Fill("2", "a.b.c", List.of()),
				new Fill("2", "users", List.of("id", "ID")), new Fill("2", "users", List.of("a.b")))) {
			TidemarkException refusal = refusal(fill);

			assertThat(refusal).isNotNull();
			assertThat(refusal.code()).isEqualTo(ErrorCode.BACKFILL_FILE);
			assertThat(refusal).hasMessageContaining(Fill.class.getName());
		}
		assertThat(this.database.value("SELECT to_regclass('users') IS NULL")).isIn("t", "true");
	}

	@Test
	void codeThatDoesNotTellIsNamed() {
		TidemarkException refusal = refusal(new Fill("x", "users", List.of()));

		assertThat(refusal).isNotNull();
		assertThat(refusal.code()).isEqualTo(ErrorCode.CODE);
		assertThat(refusal).hasMessageContaining(Fill.class.getName());
	}

	@Test
	void aVersionThatAFileHasIsTaken() {
		this.folder.add("V2__b.backfill.sql", "-- tidemark: batch table=users\nUPDATE users SET a = 1 WHERE {batch};");

		TidemarkException refusal = refusal(new Fill("2", "users", List.of()));

		assertThat(refusal).isNotNull();
		assertThat(refusal.code()).isEqualTo(ErrorCode.DUPLICATE);
	}

	@Test
	void aFileRunsAtOnceThereToo() {
		this.folder.add("V2__b.backfill.sql",
				"-- tidemark: batch table=users\n-- tidemark: verify \"a IS NOT NULL\"\n"
						+ "UPDATE users SET a = 1 WHERE {batch} AND a IS NULL;\n"
						+ "UPDATE users u SET a = a + 1 WHERE {batch:u};");

		this.folder.tidemark(this.database).build().migrate();

		assertThat(this.database.value("SELECT count(*) FROM users WHERE a = 2")).isEqualTo("3");
	}

	private static final class Fill implements CodeBackfill {

		private final String version;

		private final String table;

		private final List<String> columns;

		private final List<String> conditions = new ArrayList<>();

		private final List<List<Object>> keys = new ArrayList<>();

		Fill(String version, String table, List<String> columns) {
			this.version = version;
			this.table = table;
			this.columns = columns;
		}

		@Override
		public MigrationVersion version() {
			return MigrationVersion.of(this.version);
		}

		@Override
		public String table() {
			return this.table;
		}

		@Override
		public List<String> keys() {
			return this.columns;
		}

		@Override
		public void run(KeysOfBatch batch, JdbcContext jdbc) {
			this.conditions.addAll(List.of(batch.condition(), batch.condition("u")));
			this.keys.addAll(batch.keys());
			jdbc.client().sql("UPDATE users SET a = 1 WHERE " + batch.condition()).update();
		}

	}

}
