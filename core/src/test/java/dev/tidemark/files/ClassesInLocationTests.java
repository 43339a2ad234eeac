package dev.tidemark.files;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.testkit.CompiledClasses;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Class files among the files of a location.
 */
@ExtendWith(PostgresExtension.class)
class ClassesInLocationTests {

	private static final String CODE = """
			import dev.tidemark.migration.*;
			public class V5__Code implements CodeMigration {
				public Identity identity() {
					return Identity.of("5");
				}
				public void migrate(JdbcContext jdbc) {
					jdbc.operations().execute("CREATE TABLE by_code (id int)");
				}
			}
			""";

	private final TestDatabase database;

	private CompiledClasses classes;

	ClassesInLocationTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void classes(@TempDir Path folder) {
		this.classes = new CompiledClasses(folder);
	}

	private Tidemark.Builder tidemark(Path compiled) {
		return new MigrationFolder(compiled.resolve("db/migration")).add("V1__a.sql", "CREATE TABLE a (id int)")
			.tidemark(this.database);
	}

	private TidemarkException refusal(Tidemark.Builder builder) {
		TidemarkException refusal = catchThrowableOfType(TidemarkException.class, builder.build()::migrate);
		assertThat(this.database.value("SELECT to_regclass('a')")).isNull();
		return refusal;
	}

	@Test
	void aMigrationThatNobodyHasAddedIsRefusedBeforeAnythingRuns() {
		TidemarkException refusal = refusal(tidemark(this.classes.add("db.migration.V5__Code", CODE).compile()));

		assertThat(refusal.code()).isEqualTo(ErrorCode.CODE_UNREGISTERED);
		assertThat(refusal)
			.hasMessageContaining("The class db.migration.V5__Code is a CodeMigration and lies in a location")
			.hasMessageContaining("tidemark.files.exclude=V5__Code.class");
	}

	@Test
	void aBackfillThatNobodyHasAddedIsRefusedBeforeAnythingRuns() {
		TidemarkException refusal = refusal(tidemark(this.classes.add("db.migration.V5__Fill", """
				import dev.tidemark.migration.*;
				public class V5__Fill implements CodeBackfill {
					public MigrationVersion version() {
						return MigrationVersion.of("5");
					}
					public String table() {
						return "a";
					}
					public void run(KeysOfBatch batch, JdbcContext jdbc) {
					}
				}
				""").compile()));

		assertThat(refusal.code()).isEqualTo(ErrorCode.CODE_UNREGISTERED);
		assertThat(refusal)
			.hasMessageContaining("The class db.migration.V5__Fill is a CodeBackfill and lies in a location");
	}

	@Test
	void aMigrationThatWasAddedRuns() throws Exception {
		Path compiled = this.classes.add("db.migration.V5__Code", CODE).compile();
		try (URLClassLoader loader = new URLClassLoader(new URL[] { compiled.toUri().toURL() },
				getClass().getClassLoader())) {
			CodeMigration code = (CodeMigration) loader.loadClass("db.migration.V5__Code")
				.getDeclaredConstructor()
				.newInstance();

			tidemark(compiled).migration(code).build().migrate();
		}

		assertThat(this.database.value("SELECT to_regclass('by_code')")).isEqualTo("by_code");
	}

	@Test
	void aMigrationThatIsExcludedIsLeftAlone() {
		Path compiled = this.classes.add("db.migration.V5__Code", CODE).compile();

		assertThat(tidemark(compiled).exclude(java.util.List.of("*.class")).build().migrate().applied()).hasSize(1);
	}

	@Test
	void classesThatAreNoMigrationsAreLeftAlone() {
		Path compiled = this.classes.add("db.migration.Names", "public final class Names { class Inner { } }")
			.add("db.migration.Base", "public abstract class Base implements dev.tidemark.migration.CodeMigration { }")
			.compile();

		assertThat(tidemark(compiled).build().migrate().applied()).hasSize(1);
	}

	@Test
	void whatIsNoClassFileIsLeftAlone(@TempDir Path folder) throws IOException {
		Files.createDirectories(folder.resolve("db/migration"));
		Files.writeString(folder.resolve("db/migration/V5__Code.class"), "no class");

		assertThat(tidemark(folder).build().migrate().applied()).hasSize(1);
	}

	@Test
	void aMigrationOfFlywaysIsRefusedWithoutFlywayOnTheClassPath() throws IOException {
		Path compiled = this.classes
			.add("org.flywaydb.core.api.migration.JavaMigration", "public interface JavaMigration { }")
			.add("org.flywaydb.core.api.migration.BaseJavaMigration",
					"public abstract class BaseJavaMigration implements JavaMigration { }")
			.add("db.migration.V5__Foo",
					"public class V5__Foo extends org.flywaydb.core.api.migration.BaseJavaMigration { }")
			.compile();

		TidemarkException refusal = refusal(tidemark(compiled));

		assertThat(refusal.code()).isEqualTo(ErrorCode.CODE_OF_FLYWAY);
		assertThat(refusal)
			.hasMessageContaining(
					"The class db.migration.V5__Foo is a Java migration of Flyway's and lies in a location")
			.hasMessageContaining("Rewrite it as a CodeMigration and make it a bean");
	}

	@Test
	void aCallbackOfFlywaysIsRefused() {
		Path compiled = this.classes.add("org.flywaydb.core.api.callback.Callback", "public interface Callback { }")
			.add("db.migration.Told", "public class Told implements org.flywaydb.core.api.callback.Callback { }")
			.compile();

		assertThat(refusal(tidemark(compiled))).hasMessageContaining("is a callback of Flyway's")
			.hasMessageContaining("Rewrite it as a Callback");
	}

}
