package dev.tidemark;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.author.ReleasedMigrations;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.policy.OutOfOrder;
import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;
import dev.tidemark.run.Redo;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.settings.AsynchronousCommit;
import dev.tidemark.source.format.Naming;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ExtendWith(PostgresExtension.class)
class FingerprintTests {

	private static final ConnectionSource NOWHERE = ConnectionSource.of("jdbc:postgresql://nowhere.invalid/orders",
			null, null);

	@TempDir
	private Path directory;

	private MigrationFolder folder;

	@BeforeEach
	void files() {
		this.folder = new MigrationFolder(this.directory).add("V1__create_item.sql", "CREATE TABLE item (id int);")
			.add("R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT id FROM item;");
	}

	@Test
	void theSameFilesHaveTheSameFingerprint() {
		assertThat(fingerprint()).isEqualTo(fingerprint()).startsWith("sha256:");
	}

	@Test
	void anEditedFileChangesIt() {
		String before = fingerprint();
		this.folder.add("R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT id + 1 AS id FROM item;");

		assertThat(fingerprint()).isNotEqualTo(before);
	}

	@Test
	void aFurtherFileChangesIt() {
		String before = fingerprint();
		this.folder.add("V2__add_name.sql", "ALTER TABLE item ADD name text;");

		assertThat(fingerprint()).isNotEqualTo(before);
	}

	@Test
	void anEditedCallbackChangesIt() {
		this.folder.add("afterMigrate.sql", "INSERT INTO item VALUES (1)");
		String before = fingerprint();
		this.folder.add("afterMigrate.sql", "INSERT INTO item VALUES (2)");

		assertThat(fingerprint()).isNotEqualTo(before);
	}

	@Test
	void codeChangesItByItsChecksum() {
		String before = fingerprint((builder) -> builder.migration(new Code("1")));

		assertThat(fingerprint((builder) -> builder.migration(new Code("1")))).isEqualTo(before);
		assertThat(fingerprint((builder) -> builder.migration(new Code("2")))).isNotEqualTo(before);
	}

	@Test
	void lineEndsDoNotChangeIt() {
		this.folder.add("V2__add_name.sql", "ALTER TABLE item\nADD name text;");
		String before = fingerprint();
		this.folder.add("V2__add_name.sql", "ALTER TABLE item\r\nADD name text;");

		assertThat(fingerprint()).isEqualTo(before);
	}

	@Test
	void wrongFilesHaveNone() {
		this.folder.add("V1__create_thing.sql", "CREATE TABLE thing (id int);");

		assertThatExceptionOfType(TidemarkException.class).isThrownBy(this::fingerprint)
			.extracting(TidemarkException::code)
			.isEqualTo(ErrorCode.DUPLICATE);
	}

	/** A new setting has to be put into one of the two lists. */
	@Test
	void everySettingThatLeavesAMarkChangesItAndNoOther() {
		TreeMap<String, Consumer<Tidemark.Builder>> decisive = new TreeMap<>();
		decisive.put("schema", (builder) -> builder.schema("app"));
		decisive.put("schemas", (builder) -> builder.schemas(List.of("app")));
		decisive.put("createSchemas", (builder) -> builder.createSchemas(false));
		decisive.put("historyTable", (builder) -> builder.historyTable("other"));
		decisive.put("target", (builder) -> builder.target(MigrationVersion.of("1")));
		decisive.put("installedBy", (builder) -> builder.installedBy("ada"));
		decisive.put("initSql", (builder) -> builder.initSql("SET ROLE owner"));
		decisive.put("role", (builder) -> builder.role("owner"));
		decisive.put("cherryPick", (builder) -> builder.cherryPick(Set.of(Identity.of("1"))));
		decisive.put("skip", (builder) -> builder.skip(Map.of(Identity.of("1"), "INC-1")));
		decisive.put("environments", (builder) -> builder.environments(Set.of("test")));
		decisive.put("migrations", (builder) -> builder.migration(new Code("1")));
		decisive.put("callbacks", (builder) -> builder.callback(new CodeCallback()));
		decisive.put("placeholders", (builder) -> builder.placeholders(Map.of("owner", "ada")));
		TreeMap<String, Consumer<Tidemark.Builder>> others = new TreeMap<>();
		others.put("name", (builder) -> builder.name("orders"));
		others.put("filesystemRoot", (builder) -> builder.filesystemRoot(Path.of("/")));
		others.put("exclusions", (builder) -> builder.exclude("nothing/**"));
		others.put("failOnMissingLocations", (builder) -> builder.failOnMissingLocations(false));
		others.put("encoding", (builder) -> builder.encoding(StandardCharsets.ISO_8859_1));
		others.put("naming",
				(builder) -> builder.naming(new Naming("V", "R", "U", "B", "__", List.of(".sql", ".ddl"))));
		others.put("outOfOrder", (builder) -> builder.outOfOrder(OutOfOrder.APPLY));
		others.put("ignoreMissing", (builder) -> builder.ignoreMissing(true));
		others.put("ignoreChanged", (builder) -> builder.ignoreChanged(true));
		others.put("baseline", (builder) -> builder.baseline(MigrationVersion.of("1"), "INC-1"));
		others.put("tag", (builder) -> builder.tag("release-42"));
		others.put("lockTimeout", (builder) -> builder.lockTimeout(Duration.ofSeconds(1)));
		others.put("concurrentLockTimeout", (builder) -> builder.concurrentLockTimeout(Duration.ofSeconds(1)));
		others.put("statementTimeout", (builder) -> builder.statementTimeout(Duration.ofSeconds(1)));
		others.put("clientCheckInterval", (builder) -> builder.clientCheckInterval(Duration.ZERO));
		others.put("clientTimeout", (builder) -> builder.clientTimeout(Duration.ZERO));
		others.put("asynchronousCommit", (builder) -> builder.asynchronousCommit(AsynchronousCommit.OFF));
		others.put("waitTimeout", (builder) -> builder.waitTimeout(Duration.ofSeconds(1)));
		others.put("lockRetry", (builder) -> builder.lockRetry(new LockRetry(Duration.ofSeconds(1))));
		others.put("applicationName", (builder) -> builder.application("shop", null, "a"));
		others.put("applicationVersion", (builder) -> builder.application(null, "1.0", "a"));
		others.put("instance", (builder) -> builder.application(null, null, "b"));
		others.put("clock", (builder) -> builder.clock(Clock.systemDefaultZone()));
		others.put("listeners", (builder) -> builder.listener(new RunListener() {
		}));
		others.put("ignoredHistories",
				(builder) -> builder.baseline(MigrationVersion.of("1"), "INC-1", List.of("flyway_schema_history")));
		others.put("leftOut", (builder) -> builder.leaveOut((code) -> true));
		others.put("redo",
				(builder) -> builder.redo(new Redo(Redo.Ground.THROW_AWAY, (sources) -> ReleasedMigrations.NONE)));
		others.put("restorePoints", (builder) -> builder.restorePoints(false));
		others.put("backupEvidence", (builder) -> builder.backupEvidence((database) -> null));
		others.put("settingNames", (builder) -> builder.settingsPrefix("tidemark.databases.a."));
		others.put("siblings", (builder) -> builder.siblings(List::of));
		String unchanged = fingerprint();

		decisive.forEach((name, setting) -> assertThat(fingerprint(setting)).as(name).isNotEqualTo(unchanged));
		others.forEach((name, setting) -> assertThat(fingerprint(setting)).as(name).isEqualTo(unchanged));
		Set<String> known = new TreeSet<>(Set.of("connections", "locations"));
		known.addAll(decisive.keySet());
		known.addAll(others.keySet());
		assertThat(settings()).isEqualTo(known);
	}

	private static Set<String> settings() {
		List<Class<?>> builders = List.of(FilesBuilder.class, PlanBuilder.class, SessionBuilder.class,
				Tidemark.Builder.class);
		return builders.stream()
			.flatMap((type) -> Arrays.stream(type.getDeclaredFields()))
			.filter((field) -> !Modifier.isStatic(field.getModifiers()))
			.map(Field::getName)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	@Test
	void anotherDatabaseGetsTheSameMigrationsAndSettings(TestDatabase database) {
		Tidemark original = Tidemark.builder(NOWHERE)
			.locations(this.folder.location())
			.historyTable("own_history")
			.build();
		Tidemark other = original.on(ConnectionSource.of(database.jdbcUrl(), database.user(), database.password()));

		assertThat(other.migrate().applied()).hasSize(2);
		assertThat(database.value("SELECT count(*) FROM own_history WHERE state = 'applied'")).isEqualTo("2");
		assertThat(other.inspect(InspectRequest.everything().within(Duration.ofSeconds(10))).state())
			.isEqualTo(Inspection.State.UP_TO_DATE);
		assertThat(other.fingerprint()).isEqualTo(original.fingerprint());
	}

	private String fingerprint() {
		return fingerprint((builder) -> {
		});
	}

	private String fingerprint(Consumer<Tidemark.Builder> setting) {
		Tidemark.Builder builder = Tidemark.builder(NOWHERE).locations(this.folder.location());
		setting.accept(builder);
		return builder.build().fingerprint();
	}

	private record Code(@Nullable String checksum) implements CodeMigration {

		@Override
		public Identity identity() {
			return Identity.of("2");
		}

		@Override
		public void migrate(JdbcContext jdbc) {
		}

	}

	private static final class CodeCallback implements Callback {

		@Override
		public Set<CallbackEvent> events() {
			return Set.of(CallbackEvent.AFTER_MIGRATE);
		}

		@Override
		public void call(CallbackContext context) {
		}

	}

}
