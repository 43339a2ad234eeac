package dev.tidemark.undo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.author.ReleasedMigrations;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.LogLines;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.plan.policy.OutOfOrder;
import dev.tidemark.run.Redo;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Migrations that are edited while they are developed. Version 1 is released.
 */
@ExtendWith(PostgresExtension.class)
class RedoTests {

	private static final String EDITED = "CREATE TABLE b (edited int)";

	private final TestDatabase database;

	private Path path;

	private MigrationFolder folder;

	private Function<SourceSettings, ReleasedMigrations> released = (settings) -> ReleasedMigrations
		.upTo(MigrationVersion.of("1"));

	RedoTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.path = path;
		this.folder = new MigrationFolder(path.resolve("migrations")).add("V1__a.sql", "CREATE TABLE a ()")
			.add("U1__a.sql", "DROP TABLE a")
			.add("V2__b.sql", "CREATE TABLE b ()")
			.add("U2__b.sql", "DROP TABLE b")
			.add("V3__c.sql", "CREATE TABLE c (z int)")
			.add("U3__c.sql", "DROP TABLE c");
	}

	private Tidemark.Builder tidemark(Redo.Ground ground) {
		return this.folder.tidemark(this.database).redo(new Redo(ground, this.released));
	}

	private RunResult migrate(Redo.Ground ground) {
		return tidemark(ground).build().migrate();
	}

	private RunResult develop() {
		return migrate(Redo.Ground.DEVELOPMENT);
	}

	private TidemarkException failure(Redo.Ground ground) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> migrate(ground));
		assertThat(failure).isNotNull();
		return failure;
	}

	private static List<ErrorCode> codes(TidemarkException failure) {
		return failure.problems().stream().map(Problem::code).toList();
	}

	private List<String> history() {
		return this.database.rows("SELECT kind || ' ' || coalesce(version, description) || ' ' || state"
				+ " FROM tidemark_history ORDER BY rank");
	}

	private List<String> columns() {
		return this.database.rows("""
				SELECT c.relname || coalesce('.' || a.attname, '') FROM pg_class c
				LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
				WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'tidemark_history'
				ORDER BY 1""");
	}

	@Test
	void whatWasEditedIsUndoneWithWhatCameAfterItAndRunAgain() {
		develop();
		this.folder.add("V2__b.sql", EDITED);

		RunResult result = develop();

		assertThat(result.applied()).extracting((applied) -> applied.identity().toString()).containsExactly("2", "3");
		assertThat(history()).containsExactly("versioned 1 applied", "versioned 2 applied", "versioned 3 applied",
				"undo 3 undone", "undo 2 undone", "versioned 2 applied", "versioned 3 applied");
		assertThat(columns()).containsExactly("a", "b.edited", "c.z");
	}

	@Test
	void severalEditsAreRedoneTogetherFromTheFirstOne() {
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (other int)").add("V2__b.sql", EDITED);

		develop();

		assertThat(columns()).containsExactly("a", "b.edited", "c.other");
	}

	@Test
	void theLogTellsLineByLineWhatWasDone() {
		develop();
		this.folder.add("V2__b.sql", EDITED);

		try (LogLines redo = LogLines.of("RedoRun"); LogLines undo = LogLines.of("UndoSteps")) {
			develop();

			assertThat(redo.lines()).containsExactly("INFO tidemark.dev.redo: Version 2 was edited after it had run;"
					+ " undoing it and what was applied after it");
			assertThat(undo.has("INFO", "Undid version 3")).isTrue();
			assertThat(undo.has("INFO", "Undid version 2")).isTrue();
		}
	}

	@Test
	void theHistoryTellsWhyItWasUndone() {
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (other int)");

		develop();

		assertThat(this.database.value("SELECT note FROM tidemark_history WHERE kind = 'undo'"))
			.isEqualTo("Version 3 was edited after it had run; data loss allowed: tidemark.dev.redo");
	}

	@Test
	void whereNothingWasEditedNothingIsAsked() {
		this.released = (settings) -> {
			throw new IllegalStateException("asked");
		};
		develop();

		assertThat(develop().applied()).isEmpty();
	}

	@Test
	void whatIsReleasedStaysAsItIs() {
		develop();
		this.folder.add("V1__a.sql", "CREATE TABLE a (edited int)").add("V2__b.sql", EDITED);

		assertThat(codes(failure(Redo.Ground.THROW_AWAY))).containsExactly(ErrorCode.CHANGED, ErrorCode.CHANGED);
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	@Test
	void gitTellsWhatIsReleased() throws Exception {
		git("init", "-q", "-b", "main");
		this.folder.remove("V2__b.sql").remove("U2__b.sql");
		git("add", "-A");
		git("commit", "-q", "-m", "Release");
		this.folder.add("V2__b.sql", "CREATE TABLE b ()").add("U2__b.sql", "DROP TABLE b");
		this.released = (settings) -> ReleasedMigrations.ofSources("main", settings);
		develop();

		this.folder.add("V2__b.sql", EDITED);
		develop();

		assertThat(columns()).containsExactly("a", "b.edited", "c.z");
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)");
		assertThat(codes(failure(Redo.Ground.DEVELOPMENT))).containsExactly(ErrorCode.CHANGED);
	}

	@Test
	void theDefaultBranchOfTheOriginIsWhatIsReleased() throws Exception {
		git("init", "-q", "-b", "main");
		git("add", "-A");
		git("commit", "-q", "-m", "Release");
		git("update-ref", "refs/remotes/origin/main", "HEAD");
		this.released = (settings) -> ReleasedMigrations.ofSources(null, settings);
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)");

		assertThat(codes(failure(Redo.Ground.DEVELOPMENT))).containsExactly(ErrorCode.CHANGED);
	}

	@Test
	void whereNobodyKnowsWhatIsReleasedNothingIsUndone() {
		this.released = (settings) -> ReleasedMigrations.ofSources(null, settings);
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)");

		TidemarkException failure = failure(Redo.Ground.DEVELOPMENT);

		assertThat(codes(failure)).containsExactly(ErrorCode.REDO_RELEASE_UNKNOWN);
		assertThat(failure).hasMessageContaining("tidemark.dev.released-up-to=7");
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	private void git(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of("git", "-C", Files.createDirectories(this.path).toString(), "-c",
				"user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes());
		assertThat(process.waitFor()).as(output).isZero();
	}

	@Test
	void whereNothingIsDevelopedNothingIsUndone() {
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)");

		assertThat(codes(failure(Redo.Ground.TEST_DATABASE))).containsExactly(ErrorCode.CHANGED,
				ErrorCode.REDO_NOT_HERE);
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	@Test
	void nothingIsUndoneBeneathSomebodyElse() throws Exception {
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)");
		try (Connection other = this.database.connect()) {
			other.setClientInfo("ApplicationName", "the other instance");

			TidemarkException failure = failure(Redo.Ground.DEVELOPMENT);

			assertThat(codes(failure)).containsExactly(ErrorCode.REDO_NOT_ALONE);
			assertThat(failure).hasMessageContaining("the other instance");
			assertThat(columns()).containsExactly("a", "b", "c.z");
		}
		develop();
		assertThat(columns()).containsExactly("a", "b", "c.edited");
	}

	@Test
	void whoMayNotSeeWhatOthersDoSeesThatTheyAreThere() throws Exception {
		String role = "r" + UUID.randomUUID().toString().replace("-", "");
		this.database
			.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret'; GRANT CREATE ON SCHEMA public TO " + role);
		Tidemark tidemark = Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), role, "secret"))
			.locations(this.folder.location())
			.redo(new Redo(Redo.Ground.DEVELOPMENT, this.released))
			.build();
		tidemark.migrate();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)");
		try (Connection other = this.database.connect()) {
			assertThat(other.isValid(5)).isTrue();

			TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);

			assertThat(codes(failure)).containsExactly(ErrorCode.REDO_NOT_ALONE);
		}
		finally {
			this.database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
		}
	}

	@Test
	void devtoolsAloneDropNoDataWhereTheUndoFileIsMissing() {
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

		TidemarkException failure = failure(Redo.Ground.DEVELOPMENT);

		assertThat(codes(failure)).containsExactly(ErrorCode.REDO_NO_WAY_BACK, ErrorCode.UNDO_MISSING);
		assertThat(failure).hasMessageContaining("tidemark.dev.throw-away=true");
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	@Test
	void aDatabaseThatMayBeThrownAwayIsRebuiltWhereTheUndoFileIsMissing() {
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

		RunResult result = migrate(Redo.Ground.THROW_AWAY);

		assertThat(result.applied()).hasSize(3);
		assertThat(history()).containsExactly("versioned 1 applied", "versioned 2 applied", "versioned 3 applied");
		assertThat(columns()).containsExactly("a", "b", "c.edited");
	}

	@Test
	void aRebuildIsTold() {
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

		try (LogLines redo = LogLines.of("RedoRun")) {
			migrate(Redo.Ground.THROW_AWAY);

			assertThat(redo.lines()).containsExactly("INFO tidemark.dev.redo: Version 3 cannot be undone; dropped the 4"
					+ " objects of schema public, the history among them, to run all migrations again");
		}
	}

	@Test
	void aRebuildDropsWhateverASchemaCanHold() {
		this.folder.add("V2__b.sql",
				"""
						CREATE TYPE mood AS ENUM ('sad'); CREATE TYPE pair AS (l int, r int); CREATE DOMAIN positive AS int
						  CHECK (VALUE > 0); CREATE TYPE span AS RANGE (subtype = float8);
						CREATE SEQUENCE s; CREATE FUNCTION f(p pair) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
						CREATE PROCEDURE p(m mood) LANGUAGE sql AS ''; CREATE AGGREGATE total(int) (sfunc = int4pl, stype = int);
						CREATE TABLE b (id int GENERATED ALWAYS AS IDENTITY, n serial, m mood, q pair, d positive, r span);
						CREATE INDEX ON b (f(q)); CREATE STATISTICS st ON id, n FROM b;
						CREATE TABLE parts (k int) PARTITION BY LIST (k); CREATE TABLE part1 PARTITION OF parts FOR VALUES IN (1);
						CREATE VIEW v AS SELECT * FROM b; CREATE MATERIALIZED VIEW mv AS SELECT * FROM v;
						CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq);
						CREATE OPERATOR FAMILY fam USING btree;
						CREATE OPERATOR CLASS cls FOR TYPE int USING btree FAMILY fam AS OPERATOR 3 pg_catalog.=;
						CREATE COLLATION coll FROM "C"; CREATE TEXT SEARCH CONFIGURATION ts (COPY = pg_catalog.simple);
						CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = pg_catalog.simple);
						CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
						CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
						CREATE TRIGGER tr BEFORE INSERT ON b FOR EACH ROW EXECUTE FUNCTION t();
						CREATE EXTENSION citext""");
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

		assertThat(migrate(Redo.Ground.THROW_AWAY).applied()).hasSize(3);
	}

	@Test
	void aRebuildKeepsExtensionsThatWereThereBefore() {
		this.database.execute("CREATE EXTENSION citext");
		this.folder.add("V2__b.sql", "CREATE TABLE b (name citext)");
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited citext)").remove("U3__c.sql");

		migrate(Redo.Ground.THROW_AWAY);

		assertThat(columns()).containsExactly("a", "b.name", "c.edited");
	}

	@Test
	void aRebuildKeepsTheRightsOnTheSchemaAndOtherSchemas() {
		this.database.execute("CREATE SCHEMA other; CREATE TABLE other.kept ()");
		develop();
		String rights = "SELECT nspacl::text FROM pg_namespace WHERE nspname = 'public'";
		String before = this.database.value(rights);
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

		migrate(Redo.Ground.THROW_AWAY);

		assertThat(this.database.value(rights)).isEqualTo(before);
		assertThat(this.database.value("SELECT to_regclass('other.kept')")).isEqualTo("other.kept");
	}

	@Test
	void aRebuildReachesAllSchemasOfTheSettings() {
		this.folder.add("V2__b.sql", "CREATE TABLE second.b ()");
		Tidemark tidemark = tidemark(Redo.Ground.THROW_AWAY).schemas(List.of("first", "second")).build();
		tidemark.migrate();
		this.folder.add("V2__b.sql", "CREATE TABLE second.b (edited int)").remove("U2__b.sql");

		assertThat(tidemark.migrate().applied()).hasSize(3);
	}

	@Test
	void aDatabaseThatBeganWithABaselineIsNotRebuilt() {
		this.database.execute("CREATE TABLE mine ()");
		Tidemark tidemark = tidemark(Redo.Ground.THROW_AWAY).baseline(MigrationVersion.of("1"), "a test").build();
		tidemark.migrate();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);

		assertThat(codes(failure)).containsExactly(ErrorCode.REBUILD_IMPOSSIBLE);
		assertThat(columns()).containsExactly("b", "c.z", "mine");
	}

	@Test
	void aHistoryInTheSameSchemaIsNotDroppedByTheRebuildOfAnother(@TempDir Path second) {
		MigrationFolder other = new MigrationFolder(second).add("V1__x.sql", "CREATE TABLE other (precious int)");
		Tidemark neighbour = other.tidemark(this.database).historyTable("other_history").build();
		Tidemark tidemark = tidemark(Redo.Ground.THROW_AWAY).siblings(() -> List.of(neighbour)).build();
		tidemark.migrate();
		other.tidemark(this.database).historyTable("other_history").siblings(() -> List.of(tidemark)).build().migrate();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);

		assertThat(codes(failure)).containsExactly(ErrorCode.REBUILD_IMPOSSIBLE);
		assertThat(failure).hasMessageContaining("public.other_history");
		assertThat(columns()).contains("other.precious", "c.z");
	}

	@Test
	void aSchemaThatTheMigrationsOfAnotherFillTooIsNotDropped(@TempDir Path second) {
		this.database.execute("CREATE SCHEMA catalog");
		MigrationFolder other = new MigrationFolder(second).add("V1__x.sql",
				"CREATE TABLE public.other (precious int)");
		Tidemark neighbour = other.tidemark(this.database)
			.schema("catalog")
			.schemas(List.of("catalog", "public"))
			.build();
		Tidemark tidemark = tidemark(Redo.Ground.THROW_AWAY).siblings(() -> List.of(neighbour)).build();
		tidemark.migrate();
		other.tidemark(this.database)
			.schema("catalog")
			.schemas(List.of("catalog", "public"))
			.siblings(() -> List.of(tidemark))
			.build()
			.migrate();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);

		assertThat(codes(failure)).containsExactly(ErrorCode.REBUILD_IMPOSSIBLE);
		assertThat(failure).hasMessageContaining("catalog").hasMessageContaining("tidemark_history");
		assertThat(columns()).contains("other.precious", "c.z");
	}

	@Test
	void aRebuildTakesNoEventTriggerWithIt() {
		this.folder.add("V1__a.sql", "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END'");
		develop();
		this.database.execute("CREATE EVENT TRIGGER of_a_person ON ddl_command_end EXECUTE FUNCTION f()");
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

		TidemarkException failure = failure(Redo.Ground.THROW_AWAY);

		assertThat(codes(failure)).containsExactly(ErrorCode.REBUILD_IMPOSSIBLE);
		assertThat(failure).hasMessageContaining("event trigger of_a_person");
	}

	@Test
	void whatMayBeRedoneWasSaidOfOneDatabase() {
		develop();
		Tidemark elsewhere = Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), "nobody", null))
			.locations(this.folder.location())
			.redo(new Redo(Redo.Ground.THROW_AWAY, this.released))
			.build();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, elsewhere
			.on(ConnectionSource.of(this.database.jdbcUrl(), this.database.user(), this.database.password()))::migrate);

		assertThat(codes(failure)).containsExactly(ErrorCode.CHANGED);
		assertThat(columns()).contains("c.z");
	}

	@Test
	void theHistoryOfAnotherToolIsNotDropped() {
		develop();
		this.database.execute("CREATE TABLE alembic_version (version_num text)");
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

		TidemarkException failure = failure(Redo.Ground.THROW_AWAY);

		assertThat(codes(failure)).containsExactly(ErrorCode.REBUILD_IMPOSSIBLE);
		assertThat(failure).hasMessageContaining("alembic_version (of Alembic)");
		assertThat(columns()).contains("c.z");
	}

	@Test
	void aRebuildTakesNothingOfOtherSchemasWithIt() {
		this.folder.add("V1__a.sql", """
				CREATE TABLE a (id int PRIMARY KEY); CREATE TYPE mood AS ENUM ('sad'); CREATE SEQUENCE s;
				CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
				CREATE TABLE parts (k int) PARTITION BY LIST (k)""");
		develop();
		this.database.execute(
				"""
						CREATE SCHEMA other; CREATE VIEW other.v AS SELECT id FROM a; CREATE VIEW other.w AS SELECT * FROM other.v;
						CREATE TABLE other.t (a int CONSTRAINT fk REFERENCES a, m mood, n int DEFAULT nextval('s'));
						CREATE TRIGGER tr BEFORE INSERT ON other.t FOR EACH ROW EXECUTE FUNCTION f();
						CREATE TABLE other.part1 PARTITION OF parts FOR VALUES IN (1)""");
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

		TidemarkException failure = failure(Redo.Ground.THROW_AWAY);

		assertThat(codes(failure)).containsExactly(ErrorCode.REBUILD_IMPOSSIBLE);
		assertThat(failure).hasMessageContaining("would go with it: table constraint fk on other.t,"
				+ " default value for other.t.n, table other.part1, table column other.t.m, view other.v and 2 more.");
		assertThat(columns()).contains("c.z");
	}

	@Test
	void aRebuildDropsWhatDependsInASchemaThatIsNamed() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int); CREATE VIEW second.v AS SELECT x FROM b")
			.add("U3__c.sql", "DROP TABLE nowhere");
		Tidemark tidemark = tidemark(Redo.Ground.THROW_AWAY).schemas(List.of("public", "second")).build();
		tidemark.migrate();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)");

		assertThat(tidemark.migrate().applied()).hasSize(3);
	}

	@Test
	void whereARunWouldBeRefusedAfterARebuildNothingIsDropped() {
		this.folder.add("V1__a.sql", "CREATE TABLE ${name} ()");
		tidemark(Redo.Ground.THROW_AWAY).placeholders(Placeholders.of(Map.of("name", "a"))).build().migrate();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

		assertThat(failure(Redo.Ground.THROW_AWAY)).hasMessageContaining("${name}");
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	@Test
	void whatCouldNotRunAgainOutOfOrderIsNotUndone() {
		MigrationFolder before = this.folder.remove("V2__b.sql").remove("U2__b.sql");
		develop();
		before.add("V2__b.sql", "CREATE TABLE b ()").add("U2__b.sql", "DROP TABLE b");
		tidemark(Redo.Ground.DEVELOPMENT).outOfOrder(OutOfOrder.APPLY).build().migrate();
		this.folder.add("V2__b.sql", EDITED);

		TidemarkException failure = failure(Redo.Ground.DEVELOPMENT);

		assertThat(codes(failure)).containsExactly(ErrorCode.REDO_NO_WAY_BACK, ErrorCode.OUT_OF_ORDER);
		assertThat(failure).hasMessageContaining("nothing is undone, since a run would be refused after that");
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	@Test
	void whoConnectsWhileTheSchemaIsDroppedFindsItAsItWas() throws Exception {
		develop();
		this.database.execute("""
				CREATE SCHEMA guard; CREATE FUNCTION guard.wait() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
				  FOR i IN 1..600 LOOP
				    PERFORM pg_stat_clear_snapshot();
				    EXIT WHEN EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'late'
				      AND datname = current_database());
				    PERFORM pg_sleep(0.05);
				  END LOOP;
				END $$;
				CREATE EVENT TRIGGER waits ON sql_drop EXECUTE FUNCTION guard.wait()""");
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");
		CountDownLatch done = new CountDownLatch(1);
		try (TestDatabase elsewhere = PostgresServer.shared().createDatabase()) {
			Thread late = new Thread(() -> {
				Awaitility.await()
					.until(() -> elsewhere.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
							+ " AND datname = '" + this.database.name() + "'"), (count) -> !"0".equals(count));
				try (Connection connection = this.database.connect()) {
					connection.setClientInfo("ApplicationName", "late");
					done.await();
				}
				catch (SQLException | InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			});
			late.start();
			try {
				TidemarkException failure = failure(Redo.Ground.THROW_AWAY);

				assertThat(codes(failure)).containsExactly(ErrorCode.REDO_NOT_ALONE);
				assertThat(failure).hasMessageContaining("late");
			}
			finally {
				done.countDown();
				late.join();
			}
		}
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	@Test
	void nothingIsUndoneBeneathWhoCopiesTheChanges() throws Exception {
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)");
		Properties properties = new Properties();
		properties.setProperty("user", PostgresServer.SUPERUSER);
		properties.setProperty("password", PostgresServer.PASSWORD);
		properties.setProperty("replication", "database");
		properties.setProperty("assumeMinServerVersion", "9.4");
		properties.setProperty("preferQueryMode", "simple");
		properties.setProperty("ApplicationName", "cdc");
		try (Connection replica = DriverManager.getConnection(this.database.jdbcUrl(), properties)) {
			assertThat(replica.isClosed()).isFalse();

			TidemarkException failure = failure(Redo.Ground.DEVELOPMENT);

			assertThat(codes(failure)).containsExactly(ErrorCode.REDO_NOT_ALONE);
			assertThat(failure).hasMessageContaining("cdc");
		}
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	@Test
	void ofSeveralTheLogSpeaksInThePlural() {
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (other int)").add("V2__b.sql", EDITED);

		try (LogLines redo = LogLines.of("RedoRun")) {
			develop();

			assertThat(redo.lines())
				.containsExactly("INFO tidemark.dev.redo: Version 2, version 3 were edited after they"
						+ " had run; undoing them and what was applied after the first of them");
		}
	}

	@Test
	void gitKnowsNothingOfCodeSoThatItIsNotTakenForUnreleased() throws Exception {
		git("init", "-q", "-b", "main");
		git("add", "-A");
		git("commit", "-q", "-m", "Release");
		this.released = (settings) -> ReleasedMigrations.ofSources("main", settings);
		this.folder.remove("V2__b.sql");
		tidemark(Redo.Ground.DEVELOPMENT).migration(code("sha256:1", "CREATE TABLE b ()")).build().migrate();
		git("add", "-A");
		git("commit", "-q", "-m", "Code");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark(Redo.Ground.DEVELOPMENT).migration(code("sha256:2", EDITED)).build().migrate());

		assertThat(codes(failure)).containsExactly(ErrorCode.REDO_RELEASE_UNKNOWN);
		assertThat(failure).hasMessageContaining("Git is asked about files of SQL only");
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	@Test
	void whereTheRebuildIsRefusedTheStateIsWhatTheFailedUndoHasLeft() {
		develop();
		this.database.execute("CREATE TABLE alembic_version (version_num text)");
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)")
			.add("U3__c.sql", "-- tidemark: transaction=none\nALTER TABLE c DROP COLUMN z;\nDROP TABLE nowhere");

		TidemarkException failure = failure(Redo.Ground.THROW_AWAY);

		assertThat(codes(failure)).containsExactly(ErrorCode.REBUILD_IMPOSSIBLE);
		assertThat(failure.problems().get(0).state()).isNotEqualTo(Problem.UNCHANGED).contains("1 of 2");
	}

	@Test
	void aLockThatSomebodyHoldsIsNoReasonToThrowTheDatabaseAway() throws Exception {
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)");
		try (Connection other = this.database.connect(); Statement statement = other.createStatement()) {
			statement.execute("BEGIN; LOCK TABLE c IN ACCESS SHARE MODE; PREPARE TRANSACTION 'left'");
		}
		try {
			Tidemark tidemark = tidemark(Redo.Ground.THROW_AWAY).lockTimeout(Duration.ofMillis(50))
				.lockRetry(new LockRetry(Duration.ZERO))
				.build();

			TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);

			assertThat(codes(failure)).containsExactly(ErrorCode.LOCK_TIMEOUT);
		}
		finally {
			this.database.execute("ROLLBACK PREPARED 'left'");
		}
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	@Test
	void nothingIsRebuiltBeneathSomebodyElse() throws Exception {
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");
		try (Connection other = this.database.connect()) {
			assertThat(other.isValid(5)).isTrue();

			assertThat(codes(failure(Redo.Ground.THROW_AWAY))).containsExactly(ErrorCode.REDO_NOT_ALONE);
		}
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	@Test
	void whatSomebodyElseOwnsStopsARebuild() {
		String role = "r" + UUID.randomUUID().toString().replace("-", "");
		this.database
			.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret'; GRANT CREATE ON SCHEMA public TO " + role);
		Tidemark tidemark = Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), role, "secret"))
			.locations(this.folder.location())
			.redo(new Redo(Redo.Ground.THROW_AWAY, this.released))
			.build();
		tidemark.migrate();
		this.database.execute("CREATE TABLE theirs ()");
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);

		assertThat(failure.problems().get(0).state()).isEqualTo(Problem.UNCHANGED);
		assertThat(columns()).containsExactly("a", "b", "c.z", "theirs");
		this.database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
	}

	@Test
	void whatTheServerRefusesToDropStays() {
		develop();
		this.database.execute("""
				CREATE SCHEMA guard; CREATE FUNCTION guard.no() RETURNS event_trigger LANGUAGE plpgsql
				  AS $$ BEGIN RAISE EXCEPTION 'not today'; END $$;
				CREATE EVENT TRIGGER no_drops ON sql_drop EXECUTE FUNCTION guard.no()""");
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

		TidemarkException failure = failure(Redo.Ground.THROW_AWAY);

		assertThat(codes(failure)).containsExactly(ErrorCode.REBUILD);
		assertThat(failure).hasMessageContaining("not today").hasMessageContaining(Problem.UNCHANGED);
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	@Test
	void aDatabaseOfTheTestModuleMayAlwaysBeRebuilt() {
		String name = "tidemark_clone_" + UUID.randomUUID().toString().replace("-", "").substring(16);
		try (TestDatabase clone = PostgresServer.shared().createDatabase(name)) {
			Tidemark tidemark = this.folder.tidemark(clone)
				.redo(new Redo(Redo.Ground.TEST_DATABASE, this.released))
				.build();
			tidemark.migrate();
			this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("U3__c.sql");

			assertThat(tidemark.migrate().applied()).hasSize(3);
		}
	}

	@Test
	void anUndoThatFailsInDevelopmentLeavesTheDatabaseAsItWas() {
		develop();
		this.folder.add("V2__b.sql", EDITED).add("U2__b.sql", "DROP TABLE nowhere");

		assertThat(codes(failure(Redo.Ground.DEVELOPMENT))).containsExactly(ErrorCode.STATEMENT);
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	@Test
	void whereAnUndoFailsADatabaseThatMayBeThrownAwayIsRebuilt() {
		develop();
		this.folder.add("V2__b.sql", EDITED).add("U2__b.sql", "DROP TABLE nowhere");

		assertThat(migrate(Redo.Ground.THROW_AWAY).applied()).hasSize(3);
	}

	@Test
	void theNextStartGoesOnAfterAFailureInTheMiddle() {
		develop();
		this.folder.add("V2__b.sql", "CREATE TABLE a ()");

		failure(Redo.Ground.DEVELOPMENT);
		assertThat(columns()).containsExactly("a");
		this.folder.add("V2__b.sql", EDITED);
		develop();

		assertThat(columns()).containsExactly("a", "b.edited", "c.z");
	}

	@Test
	void anUndoThatStoppedHalfWayGoesOn() {
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)")
			.add("U3__c.sql", "-- tidemark: transaction=none\nALTER TABLE c DROP COLUMN z;\nDROP TABLE nowhere");
		failure(Redo.Ground.DEVELOPMENT);
		assertThat(columns()).containsExactly("a", "b", "c");
		this.folder.add("U3__c.sql", "-- tidemark: transaction=none\nALTER TABLE c DROP COLUMN z;\nDROP TABLE c");

		develop();

		assertThat(columns()).containsExactly("a", "b", "c.edited");
	}

	@Test
	void whatCannotBeReadIsNotUndone() {
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited text DEFAULT 'open)");

		assertThat(codes(failure(Redo.Ground.DEVELOPMENT))).containsExactly(ErrorCode.SYNTAX);
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	@Test
	void whereARunWouldBeRefusedAnywayNothingIsUndone() {
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)").remove("V2__b.sql").remove("U2__b.sql");

		assertThat(codes(failure(Redo.Ground.THROW_AWAY))).contains(ErrorCode.MISSING);
		assertThat(columns()).containsExactly("a", "b", "c.z");
	}

	@Test
	void whatFailedHalfWayAndWasEditedSinceIsNoReasonToDropData() {
		halfDone();

		assertThat(codes(failure(Redo.Ground.DEVELOPMENT))).containsExactly(ErrorCode.REDO_NO_WAY_BACK,
				ErrorCode.FAILED);
		assertThat(columns()).containsExactly("a", "b", "c.z", "d");
	}

	@Test
	void whatFailedHalfWayAndWasEditedSinceIsRebuiltWhereDataMayGo() {
		halfDone();

		migrate(Redo.Ground.THROW_AWAY);

		assertThat(columns()).containsExactly("a", "b", "c.z", "d.edited");
	}

	@Test
	void whatFailedHalfWayAndWasEditedAfterTheFailureGoesOn() {
		halfDone();
		this.folder.add("V4__d.sql", "-- tidemark: transaction=none\nCREATE TABLE d ();\nCREATE TABLE e ()");

		develop();

		assertThat(columns()).containsExactly("a", "b", "c.z", "d", "e");
	}

	private void halfDone() {
		this.folder.add("V4__d.sql", "-- tidemark: transaction=none\nCREATE TABLE d ();\nCREATE TABLE a ()");
		failure(Redo.Ground.DEVELOPMENT);
		this.folder.add("V4__d.sql", "-- tidemark: transaction=none\nCREATE TABLE d (edited int)");
	}

	@Test
	void whatCommitsInPartsIsRedoneToo() {
		this.folder.add("V3__c.sql", "CREATE TABLE c (z int);\nCREATE INDEX CONCURRENTLY i ON c (z)")
			.add("U3__c.sql", "DROP INDEX CONCURRENTLY i;\nDROP TABLE c");
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int);\nCREATE INDEX CONCURRENTLY i ON c (edited)");

		develop();

		assertThat(columns()).containsExactly("a", "b", "c.edited");
	}

	@Test
	void repeatablesRunAgainAfterwards() {
		this.folder.add("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT * FROM c")
			.add("U3__c.sql", "DROP VIEW v; DROP TABLE c");
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)");

		develop();

		assertThat(history()).endsWith("undo 3 undone", "versioned 3 applied", "repeatable v applied");
	}

	@Test
	void callbacksOfTheUndoAndOfTheRunHearOfIt() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (event text)")
			.add("beforeUndo.sql", "INSERT INTO a VALUES ('undo')")
			.add("afterVersioned.sql", "INSERT INTO a VALUES ('run')");
		develop();
		this.folder.add("V3__c.sql", "CREATE TABLE c (edited int)");

		develop();

		assertThat(this.database.rows("SELECT event FROM a")).containsExactly("run", "undo", "run");
	}

	@Test
	void codeIsRedoneByItsUndoFile() {
		this.folder.remove("V2__b.sql");
		tidemark(Redo.Ground.DEVELOPMENT).migration(code("sha256:1", EDITED)).build().migrate();

		tidemark(Redo.Ground.DEVELOPMENT).migration(code("sha256:2", "CREATE TABLE b (again int)")).build().migrate();

		assertThat(columns()).containsExactly("a", "b.again", "c.z");
	}

	private static CodeMigration code(String checksum, String sql) {
		return new CodeMigration() {

			@Override
			public Identity identity() {
				return Identity.of("2");
			}

			@Override
			public String description() {
				return "code";
			}

			@Override
			public String checksum() {
				return checksum;
			}

			@Override
			public void migrate(JdbcContext jdbc) {
				jdbc.client().sql(sql).update();
			}

		};
	}

	@Test
	void schemasOfTenantsAreNotRedoneWhichIsSaid() {
		TidemarkException refusal = catchThrowableOfType(TidemarkException.class,
				() -> Tenants.builder(tidemark(Redo.Ground.THROW_AWAY).build(), TenantSchemas.of(List.of("acme")))
					.build());

		assertThat(codes(refusal)).containsExactly(ErrorCode.SETTING);
		assertThat(refusal).hasMessageContaining("tidemark.dev.redo does nothing");
	}

	@Test
	void whatIsUndoneByHandOfAPersonIsLeftToThem() {
		develop();
		this.folder.add("U3__c.sql", "-- tidemark: transaction=none\nALTER TABLE c DROP COLUMN z;\nDROP TABLE nowhere");
		catchThrowableOfType(TidemarkException.class, () -> tidemark(Redo.Ground.DEVELOPMENT).build()
			.undo(UndoRequest.of(UndoSelection.last()).allowingDataLoss("a test")));

		assertThat(codes(failure(Redo.Ground.THROW_AWAY))).containsExactly(ErrorCode.FAILED);
	}

}
