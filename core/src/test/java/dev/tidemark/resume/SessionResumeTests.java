package dev.tidemark.resume;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * In which session a file goes on whose instance died. Each file here has its session
 * killed while it builds an index in its middle.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class SessionResumeTests {

	private static final String CANARY = "c4n4ry-hunter2";

	private static final String REST = ";\nCREATE INDEX CONCURRENTLY a_x ON public.a (x);\n";

	private static final String TABLE = REST + "CREATE TABLE landed (x int)";

	private final TestDatabase database;

	private MigrationFolder folder;

	SessionResumeTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", """
				CREATE TABLE a (x int);
				CREATE TABLE log (x text);
				CREATE SCHEMA app;
				CREATE FUNCTION go_to(path text) RETURNS text LANGUAGE sql AS $$
				  SELECT set_config('search_path', path, false) $$;
				CREATE FUNCTION keep(value text) RETURNS text LANGUAGE sql AS $$
				  SELECT set_config('app.' || 'tenant', value, false) $$""");
		migrate();
	}

	private String role() {
		return "resumed_" + this.database.name();
	}

	private void createRole() {
		this.database.execute("CREATE ROLE " + role() + "; GRANT ALL ON SCHEMA public TO " + role()
				+ "; ALTER TABLE a OWNER TO " + role());
	}

	@AfterEach
	void dropRole() {
		if (this.database.value("SELECT 1 FROM pg_roles WHERE rolname = '" + role() + "'") != null) {
			this.database.execute("DROP OWNED BY " + role() + "; DROP ROLE " + role());
		}
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database).placeholders(Map.of("secret", CANARY, "schema", "app"));
	}

	private void migrate() {
		tidemark().build().migrate();
	}

	private TidemarkException failure() {
		return catchThrowableOfType(TidemarkException.class, this::migrate);
	}

	/** Runs the file up to the index, and kills the session there. */
	private void interrupted(String file) throws Exception {
		this.folder.add("V2__b.sql", file);
		kill(() -> tidemark().build().migrate());
	}

	private void kill(Runnable run) throws Exception {
		AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
		try (Connection writer = this.database.connect(); Statement statement = writer.createStatement()) {
			writer.setAutoCommit(false);
			statement.execute("INSERT INTO a VALUES (1)");
			Thread thread = new Thread(run);
			thread.setUncaughtExceptionHandler((dead, thrown) -> failure.set(thrown));
			thread.start();
			await().atMost(Duration.ofSeconds(60))
				.until(() -> failure.get() != null || "1".equals(this.database.value("""
						SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
						AND query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'""")));
			this.database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
					+ " WHERE datname = current_database() AND query LIKE 'CREATE INDEX%'");
			thread.join();
			writer.commit();
		}
		assertThat(failure.get()).isInstanceOf(TidemarkException.class);
	}

	private @Nullable String schemaOfTheTable() {
		return this.database.value("SELECT relnamespace::regnamespace FROM pg_class WHERE relname = 'landed'");
	}

	private List<String> log() {
		return this.database.rows("SELECT x FROM log ORDER BY x");
	}

	private String journal() {
		return String
			.valueOf(this.database.value("SELECT string_agg(h::text, E'\n' ORDER BY rank) FROM tidemark_history AS h"));
	}

	private void resolve(Resolution resolution) {
		int rank = Integer.parseInt(this.database.value("SELECT max(rank) FROM tidemark_history"));
		tidemark().build()
			.resolve(ResolveRequest
				.of(new Identity.Versioned(MigrationVersion.of("2")), rank, resolution, "looked at it")
				.within(Duration.ofSeconds(30)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET/* x */search_path TO app", "SET -- x\n SESSION search_path = app",
			"SELECT 1 FROM set_config('search_path', 'app', false)",
			"DO $$ BEGIN PERFORM set_config('search_path', 'app', false); END $$",
			"DO $$ BEGIN SET search_path = app; END $$", "SELECT go_to('app')",
			"PREPARE go AS SELECT set_config('search_path', 'app', false); EXECUTE go; DEALLOCATE go",
			"SET search_path = ${schema}", "SET search_path = pg_catalog; VACUUM public.a; SET SCHEMA 'app'" })
	void itGoesOnInTheSchemaInWhichItWas(String sql) throws Exception {
		interrupted(sql + TABLE);

		migrate();

		assertThat(schemaOfTheTable()).isEqualTo("app");
	}

	@Test
	void whatWasSetForOneTransactionIsNotSetForTheRest() throws Exception {
		interrupted("SET search_path = app; INSERT INTO public.log VALUES ('one'); SET LOCAL search_path = pg_catalog"
				+ TABLE);

		migrate();

		assertThat(schemaOfTheTable()).isEqualTo("app");
	}

	@Test
	void theRoleIsTheOneThatItWas() throws Exception {
		createRole();
		interrupted("DO $$ BEGIN SET work_mem = '7MB'; SET ROLE " + role() + "; END $$" + TABLE
				+ "; CREATE TABLE told AS SELECT current_setting('work_mem') AS work_mem");

		migrate();

		assertThat(this.database.value("SELECT tableowner FROM pg_tables WHERE tablename = 'landed'"))
			.isEqualTo(role());
		assertThat(this.database.value("SELECT work_mem FROM told")).isEqualTo("7MB");
	}

	@Test
	void settingsAreWhatTheyWereHoweverTheyWereSet() throws Exception {
		interrupted("DO $$ BEGIN SET work_mem = '7MB'; SET TimeZone = 'Asia/Tokyo'; END $$; RESET lock_timeout" + REST
				+ "INSERT INTO log VALUES (concat_ws(' ', current_setting('work_mem'), current_setting('TimeZone'),"
				+ " current_setting('lock_timeout')))");

		migrate();

		assertThat(log()).containsExactly("7MB Asia/Tokyo 0");
	}

	@Test
	void whatTheRunItselfSetsIsWhatTheLaterRunSays() throws Exception {
		interrupted("SET work_mem = '7MB'" + REST + "INSERT INTO log VALUES (current_setting('lock_timeout'))");

		tidemark().lockTimeout(Duration.ofSeconds(17)).build().migrate();

		assertThat(log()).containsExactly("17s");
	}

	@Test
	void whatIsSetForLaterSessionsIsNotTakenForWhatTheFileHad() throws Exception {
		String alter = "ALTER DATABASE " + this.database.name() + " SET ";
		interrupted(alter + "search_path = \"$user\", public, app; " + alter + "IntervalStyle = 'iso_8601'" + REST
				+ "INSERT INTO log VALUES (current_setting('search_path') || interval '1 day')");

		migrate();

		assertThat(log()).containsExactly("\"$user\", public1 day");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET app.tenant = 'acme'",
			"DO $$ BEGIN PERFORM set_config('app.tenant', 'acme', false); END $$", "SELECT keep('acme')" })
	void settingsOfApplicationsAreWhatTheyWere(String sql) throws Exception {
		interrupted(sql + REST + "INSERT INTO log VALUES (current_setting('app.tenant'))");

		migrate();

		assertThat(log()).containsExactly("acme");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET app.api_key = '" + CANARY + "'", "SET/**/app.api_key TO '${secret}'",
			"SELECT 1 FROM pg_catalog.set_config('app.api_key', '" + CANARY + "', false)" })
	void aSecretIsSetAgainAndNowhereWritten(String sql) throws Exception {
		interrupted(sql + REST + "INSERT INTO log VALUES (length(current_setting('app.api_key')))");
		String journal = journal();

		migrate();

		assertThat(log()).containsExactly(Integer.toString(CANARY.length()));
		assertThat(journal + journal()).contains("app.api_key~").doesNotContain(CANARY);
	}

	@Test
	void theValueOfAPlaceholderIsNotWrittenEither() throws Exception {
		interrupted("SET app.tenant = 'x ${secret} y'; SET search_path = \"${secret}\", app" + TABLE);
		String journal = journal();

		migrate();

		assertThat(schemaOfTheTable()).isEqualTo("app");
		assertThat(journal + journal()).doesNotContain(CANARY);
	}

	@Test
	void aSecretThatCannotBeSetAgainIsAskedFor() throws Exception {
		interrupted("DO $$ BEGIN PERFORM set_config('app.api_key', '" + CANARY + "', false); END $$" + TABLE);

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(failure).hasMessageContaining("app.api_key has another value").hasMessageNotContaining(CANARY);
		assertThat(journal()).doesNotContain(CANARY);
		assertThat(schemaOfTheTable()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE TEMP TABLE a2 (x int)|temporary",
			"CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'|temporary",
			"PREPARE p AS SELECT 1|prepared statements", "DECLARE c CURSOR WITH HOLD FOR SELECT 1|open cursors",
			"LISTEN told|channels", "SELECT pg_advisory_lock(7)|advisory locks" })
	void whatNoOtherSessionCanHoldIsAskedFor(String sql) throws Exception {
		interrupted(sql.split("\\|")[0] + TABLE);

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(failure).hasMessageContaining("it had " + sql.split("\\|")[1])
			.hasMessageContaining("tidemark.resolve.as=retry");
		assertThat(failure().code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(schemaOfTheTable()).isNull();
	}

	@Test
	void whatIsGoneAgainIsNotAskedFor() throws Exception {
		interrupted("CREATE TEMP TABLE a2 (x int); PREPARE p AS SELECT 1; SELECT pg_advisory_xact_lock(7);"
				+ " DROP TABLE a2; DEALLOCATE p" + TABLE);

		migrate();

		assertThat(schemaOfTheTable()).isEqualTo("public");
	}

	@Test
	void aSchemaOfThePathThatIsGoneIsAskedFor() throws Exception {
		interrupted("SET search_path = app, public" + TABLE);
		this.database.execute("DROP SCHEMA app");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(failure).hasMessageContaining("the schemas of its search path were app, public, and are public");
		assertThat(schemaOfTheTable()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "currval('p_id_seq')", "LASTVAL ()", "pg_catalog.\"currval\"('p_id_seq')" })
	void aValueThatASequenceGaveToTheSessionIsAskedFor(String value) throws Exception {
		interrupted("CREATE TABLE p (id serial, x int); INSERT INTO p (x) VALUES (1)" + REST
				+ "INSERT INTO log VALUES (" + value + ")");
		this.database.execute("SELECT nextval('p_id_seq')");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(failure).hasMessageContaining("currval() or lastval()");
		assertThat(log()).isEmpty();
		resolve(Resolution.RETRY);
		assertThat(failure()).hasMessageContaining("55000").hasMessageContaining("know of no other session's");
	}

	@Test
	void aValueThatASequenceGivesToTheRestIsNotAskedFor() throws Exception {
		interrupted("CREATE TABLE p (id serial, x int)" + REST
				+ "INSERT INTO p (x) VALUES (1); INSERT INTO log VALUES (currval('p_id_seq'))");

		migrate();

		assertThat(log()).containsExactly("1");
	}

	@Test
	void aValueOfASequenceThatOnlyAStringSpeaksOfIsNotAskedFor() throws Exception {
		interrupted("CREATE TABLE p (id serial, x int); INSERT INTO p (x) VALUES (1)" + REST
				+ "INSERT INTO log VALUES ('lastval()') -- currval('p_id_seq')");

		migrate();

		assertThat(log()).containsExactly("lastval()");
	}

	@Test
	void anotherSchemaOfTheSameNameIsAskedFor() throws Exception {
		interrupted("SET search_path = app, public" + TABLE);
		this.database.execute("ALTER SCHEMA app RENAME TO app_old; CREATE SCHEMA app");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(failure)
			.hasMessageContaining("a schema of its search path is gone, and another one has its name now");
		assertThat(schemaOfTheTable()).isNull();
	}

	@Test
	void aLoginToWhichTheRestWouldBelongIsAskedFor() throws Exception {
		createRole();
		interrupted("VACUUM a" + TABLE);
		login();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> asLogin().build().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(failure).hasMessageContaining(
				"it worked as " + this.database.user() + ", and would go on as " + role() + ", to whom belongs");
		assertThat(schemaOfTheTable()).isNull();
	}

	@Test
	void anotherLoginWithTheSameRoleGoesOn() throws Exception {
		createRole();
		this.folder.add("V2__b.sql", "VACUUM a" + TABLE);
		this.database.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role());
		kill(() -> tidemark().role(role()).build().migrate());
		login();

		asLogin().role(role()).build().migrate();

		assertThat(schemaOfTheTable()).isEqualTo("public");
	}

	private void login() {
		this.database.execute(
				"ALTER ROLE " + role() + " LOGIN PASSWORD 'x'; GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role());
	}

	private Tidemark.Builder asLogin() {
		return Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), role(), "x"))
			.locations(this.folder.location());
	}

	@Test
	void aRoleThatIsGoneIsAskedFor() throws Exception {
		createRole();
		interrupted("SET ROLE " + role() + TABLE);
		this.database.execute("REASSIGN OWNED BY " + role() + " TO CURRENT_USER");
		dropRole();

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(failure).hasMessageContaining("the server refuses a value").hasMessageContaining("role was");
		assertThat(schemaOfTheTable()).isNull();
	}

	@Test
	void aSettingThatIsRefusedKeepsNoOtherOneFromBeingRestored() throws Exception {
		interrupted("CREATE TEXT SEARCH CONFIGURATION public.words (COPY = simple);"
				+ " SET default_text_search_config = 'public.words'; SET search_path = app; SET work_mem = '7MB'"
				+ TABLE + "; INSERT INTO public.log VALUES (current_setting('work_mem'))");
		this.database.execute("DROP TEXT SEARCH CONFIGURATION words");

		assertThat(failure()).hasMessageContaining("the server refuses a value of default_text_search_config")
			.hasMessageContaining("default_text_search_config was public.words")
			.hasMessageNotContaining("search_path")
			.hasMessageNotContaining("schemas of its search path")
			.hasMessageNotContaining("work_mem");
		resolve(Resolution.RETRY);
		migrate();

		assertThat(schemaOfTheTable()).isEqualTo("app");
		assertThat(log()).containsExactly("7MB");
	}

	@Test
	void aRoleThatIsRefusedKeepsNothingElseFromBeingRestored() throws Exception {
		createRole();
		this.database.execute("GRANT USAGE ON SCHEMA app TO " + role());
		interrupted("SET search_path = app; SET ROLE " + role() + TABLE);
		this.database.execute("REASSIGN OWNED BY " + role() + " TO CURRENT_USER");
		dropRole();

		assertThat(failure()).hasMessageContaining("the server refuses a value of role")
			.hasMessageNotContaining("schemas of its search path");
		resolve(Resolution.RETRY);
		migrate();

		assertThat(schemaOfTheTable()).isEqualTo("app");
	}

	@Test
	void aRoleThatIsRefusedLeavesTheOneOfTheRun() throws Exception {
		String other = role() + "_of_the_run";
		createRole();
		this.database.execute("CREATE ROLE " + other + " SUPERUSER");
		try {
			interrupted("SET ROLE " + role() + TABLE);
			this.database.execute("REASSIGN OWNED BY " + role() + " TO CURRENT_USER");
			dropRole();
			assertThat(failure()).hasMessageContaining("the server refuses a value of role");
			resolve(Resolution.RETRY);
			this.folder.add("beforeEachMigrate.sql", "SET ROLE " + other);
			assertThat(failure()).hasMessageContaining("and is " + other);
			resolve(Resolution.RETRY);

			migrate();

			assertThat(this.database.value("SELECT tableowner FROM pg_tables WHERE tablename = 'landed'"))
				.isEqualTo(other);
		}
		finally {
			this.database.execute("DROP OWNED BY " + other + "; DROP ROLE " + other);
		}
	}

	@Test
	void aDecisionAboutOneDifferenceIsNoneAboutAnother() throws Exception {
		interrupted("SET search_path = app, public; CREATE TEMP TABLE a2 (x int)" + TABLE);
		assertThat(failure()).hasMessageContaining("it had temporary tables");
		resolve(Resolution.RETRY);
		this.database.execute("DROP SCHEMA app");

		assertThat(failure()).hasMessageContaining("the schemas of its search path");
		assertThat(schemaOfTheTable()).isNull();
	}

	@Test
	void whatIsPutRightAfterTheQuestionIsNotAskedForAgain() throws Exception {
		interrupted("SET search_path = app; CREATE TEMP TABLE a2 (x int)" + TABLE);
		this.database.execute("DROP SCHEMA app");
		assertThat(failure()).hasMessageContaining("the schemas of its search path");
		this.database.execute("CREATE SCHEMA app");
		resolve(Resolution.RETRY);

		migrate();

		assertThat(schemaOfTheTable()).isEqualTo("app");
	}

	@Test
	void aDecisionThatAnEarlierVersionHasRecordedIsAskedForAgain() throws Exception {
		interrupted("CREATE TEMP TABLE a2 (x int)" + TABLE);
		assertThat(failure()).hasMessageContaining("it had temporary tables");
		resolve(Resolution.RETRY);
		this.database
			.execute("UPDATE tidemark_history SET journal = regexp_replace(journal, 'told:[0-9a-f]+', 'told')");

		assertThat(failure()).hasMessageContaining("it had temporary tables");
		assertThat(schemaOfTheTable()).isNull();
	}

	@Test
	void aFunctionThatMakesAValueDoesNotRunAgain() throws Exception {
		interrupted("""
				CREATE FUNCTION new_token() RETURNS text LANGUAGE sql AS $$
				  INSERT INTO public.log VALUES ('called');
				  SELECT 'x' $$;
				SELECT set_config('app.token', new_token(), false)""" + TABLE);

		assertThat(failure()).hasMessageContaining("app.token has another value");
		assertThat(log()).containsExactly("called");
	}

	@Test
	void aSecretThatTheServerDoesNotTakeAgainIsAskedFor() throws Exception {
		interrupted("CREATE TEXT SEARCH CONFIGURATION public.\"${secret}\" (COPY = simple);"
				+ " SET default_text_search_config = 'public.\"${secret}\"'; SET search_path = app" + TABLE);
		this.database.execute("DROP TEXT SEARCH CONFIGURATION public.\"" + CANARY + "\"");

		assertThat(failure()).extracting(TidemarkException::code).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(failure()).hasMessageContaining("the server refuses statement 2 now")
			.hasMessageNotContaining(CANARY);
		resolve(Resolution.RETRY);
		migrate();

		assertThat(schemaOfTheTable()).isEqualTo("app");
		assertThat(journal()).doesNotContain(CANARY);
	}

	/** The run that goes on does not come as far as to look at its session. */
	@Test
	void aRunThatCannotBeginLeavesWhatIsKnownOfTheSession() throws Exception {
		interrupted("SELECT go_to('app')" + TABLE);
		this.database.execute("""
				CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$;
				CREATE TRIGGER refuse BEFORE INSERT ON tidemark_history FOR EACH ROW
				  WHEN (NEW.error_code IS NULL) EXECUTE FUNCTION refuse()""");
		assertThat(failure()).hasMessageContaining("not now");
		this.database.execute("DROP TRIGGER refuse ON tidemark_history");

		migrate();

		assertThat(schemaOfTheTable()).isEqualTo("app");
	}

	@Test
	void decidedToGoOnItGoesOnInWhatCanBeMadeAgain() throws Exception {
		interrupted("SET search_path = app; CREATE TEMP TABLE a2 (x int)" + TABLE);
		assertThat(failure().code()).isEqualTo(ErrorCode.INTERRUPTED);
		resolve(Resolution.RETRY);

		migrate();

		assertThat(schemaOfTheTable()).isEqualTo("app");
		assertThat(this.database.value("SELECT state FROM tidemark_history ORDER BY rank DESC LIMIT 1"))
			.isEqualTo("applied");
	}

	@Test
	void aDecisionAboutAStatementIsNoneAboutItsSession() throws Exception {
		interrupted("-- tidemark: transaction=none\nSET search_path = app, public;\nSELECT 1" + TABLE);
		this.database.execute("DROP INDEX a_x; CREATE INDEX a_x ON a (x DESC)");
		assertThat(failure()).hasMessageContaining("DESC");
		resolve(Resolution.RETRY);
		this.database.execute("DROP INDEX a_x; DROP SCHEMA app");

		assertThat(failure()).hasMessageContaining("the schemas of its search path");
		assertThat(schemaOfTheTable()).isNull();
	}

	@Test
	void whatATransactionLeavesIsNotGuessed() throws Exception {
		interrupted("SET search_path = app" + TABLE);
		this.database.execute("UPDATE tidemark_history SET journal = replace(journal, 'session=1;',"
				+ " 'session=1;uncertain,') WHERE state = 'running'");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(failure).hasMessageContaining("before it was known which of its settings outlast");
	}

	/** The server loads a library, and with it settings that nobody has touched. */
	@Test
	void aTransactionThatTouchesNoSettingIsNeverInDoubt() {
		this.folder.add("V2__b.sql", """
				CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN
				  INSERT INTO public.log SELECT journal FROM public.tidemark_history WHERE state = 'running';
				  RETURN NULL;
				END $$;
				CREATE CONSTRAINT TRIGGER note AFTER UPDATE ON tidemark_history DEFERRABLE INITIALLY DEFERRED
				  FOR EACH ROW EXECUTE FUNCTION note();
				VACUUM a""");

		migrate();

		assertThat(log()).isNotEmpty().noneMatch((journal) -> journal.contains("uncertain"));
	}

	@Test
	void whatANewerVersionHasRecordedIsNotGuessed() throws Exception {
		interrupted("SET search_path = app" + TABLE);
		this.database.execute("UPDATE tidemark_history SET journal = replace(journal, 'session=1;', 'session=2;')"
				+ " WHERE state = 'running'");

		assertThat(failure())
			.hasMessageContaining("A newer version of Tidemark has recorded what its session was like");
		assertThat(schemaOfTheTable()).isNull();
	}

	@Test
	void whatAnOlderVersionHasLeftGoesOnAsItDidThere() throws Exception {
		interrupted("SET/* x */search_path = app" + TABLE);
		this.database.execute("UPDATE tidemark_history SET journal = regexp_replace(journal, ' ?session=\\S+', '')"
				+ " WHERE state = 'running'");

		migrate();

		assertThat(schemaOfTheTable()).isEqualTo("app");
	}

	@Test
	void aFileThatWasEditedBehindWhatIsDoneGoesOnInTheSameSession() throws Exception {
		interrupted("SELECT go_to('app')" + TABLE);
		this.folder.add("V2__b.sql", "SELECT go_to('app')" + REST + "CREATE TABLE landed (x int, y int)");

		migrate();

		assertThat(schemaOfTheTable()).isEqualTo("app");
	}

	@Test
	void anUndoGoesOnInTheSchemaInWhichItWas() throws Exception {
		this.folder.add("V2__b.sql", "CREATE TABLE undone (x int)");
		migrate();
		this.folder.add("U2__b.sql", "DROP TABLE undone; SELECT go_to('app')" + TABLE);
		UndoRequest request = UndoRequest.of(UndoSelection.to(MigrationVersion.of("1")))
			.allowingDataLoss("it is a test");
		kill(() -> tidemark().build().undo(request));

		tidemark().build().undo(request);

		assertThat(schemaOfTheTable()).isEqualTo("app");
	}

	@Test
	void whatACallbackSetsBeforeAFileComesBeforeWhatTheFileSets() throws Exception {
		this.folder.add("beforeEachMigrate.sql", "SET search_path = public; SET work_mem = '5MB'");
		interrupted("SELECT go_to('app')" + TABLE + "; INSERT INTO public.log VALUES (current_setting('work_mem'))");

		migrate();

		assertThat(schemaOfTheTable()).isEqualTo("app");
		assertThat(log()).containsExactly("5MB");
	}

}
