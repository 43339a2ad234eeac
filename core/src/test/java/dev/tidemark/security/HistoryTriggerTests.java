package dev.tidemark.security;

import java.nio.file.Path;
import java.util.List;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.LogOf;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.fixture.VersionTwo;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Triggers, rules and event triggers of others meet what Tidemark writes as they meet the
 * writes of anybody; where they are in its way, that is told, and no file is blamed.
 */
@ExtendWith(PostgresExtension.class)
class HistoryTriggerTests {

	private static final String AUDIT = """
			CREATE TABLE audit_log (tab text, op text);
			CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN INSERT INTO audit_log VALUES (tg_table_name, tg_op); RETURN NULL; END $$;
			CREATE TRIGGER audit_row AFTER INSERT OR UPDATE ON tidemark_history FOR EACH ROW EXECUTE FUNCTION audit_row();
			""";

	private static final String DDL_LOG = """
			CREATE TABLE ddl_log (tag text);
			CREATE FUNCTION log_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$
			BEGIN INSERT INTO ddl_log VALUES (tg_tag); END $$;
			CREATE EVENT TRIGGER log_ddl ON ddl_command_end EXECUTE FUNCTION log_ddl();
			""";

	private static final String SWALLOW = """
			CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
			CREATE TRIGGER swallow BEFORE INSERT ON tidemark_history FOR EACH ROW EXECUTE FUNCTION swallow();
			""";

	private static final String RULE = "CREATE RULE swallow AS ON INSERT TO tidemark_history DO INSTEAD NOTHING";

	private static final String REFUSE = """
			CREATE SCHEMA "audit of us";
			CREATE FUNCTION "audit of us".refuse() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN INSERT INTO nowhere VALUES (1); RETURN NULL; END $$;
			CREATE TRIGGER refuse AFTER INSERT OR UPDATE ON tidemark_history
			  FOR EACH ROW EXECUTE FUNCTION "audit of us".refuse();
			""";

	private final TestDatabase database;

	private MigrationFolder folder;

	HistoryTriggerTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database);
	}

	private void migrate() {
		tidemark().build().migrate();
	}

	private TidemarkException failure() {
		return catchThrowableOfType(TidemarkException.class, this::migrate);
	}

	@Test
	void anAuditTriggerFindsItsTableByTheSearchPath() {
		migrate();
		this.database.execute(AUDIT);
		this.folder.add("V2__b.sql", "CREATE TABLE b ()").add("V3__c.sql", "VACUUM a; CREATE TABLE c ()");
		migrate();

		assertThat(this.database.rows("SELECT DISTINCT tab, op FROM audit_log ORDER BY op"))
			.containsExactly("tidemark_history|INSERT", "tidemark_history|UPDATE");
	}

	@Test
	void aFileMayPutATriggerOnEachTable() {
		this.folder.add("V2__audit.sql", AUDIT);
		migrate();

		assertThat(this.database.rows("SELECT * FROM audit_log")).containsExactly("tidemark_history|INSERT");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET search_path = ''; ", "SET LOCAL search_path = pg_catalog; " })
	void whatAFileSetsIsNothingToATriggerOfTheHistory(String setting) {
		migrate();
		this.database.execute(AUDIT);
		this.folder.add("V2__b.sql", setting + "CREATE TABLE public.b ()");
		migrate();

		assertThat(this.database.rows("SELECT * FROM audit_log")).containsExactly("tidemark_history|INSERT");
	}

	@Test
	void anEventTriggerFindsItsTableByTheSearchPath() {
		this.database.execute(DDL_LOG);
		tidemark().baseline(MigrationVersion.of("0"), "what is there stays").build().migrate();

		assertThat(this.database.rows("SELECT tag FROM ddl_log")).contains("CREATE TABLE", "COMMENT");
	}

	@Test
	void theTriggerOfATenantFindsTheTableOfTheTenant() {
		Tenants tenants = Tenants.builder(tidemark().build(), TenantSchemas.of(List.of("one", "two")))
			.connections(1)
			.build();
		this.folder.add("V2__audit.sql", AUDIT);
		tenants.migrate();

		assertThat(this.database.rows("SELECT tab FROM one.audit_log UNION ALL SELECT tab FROM two.audit_log"))
			.hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { SWALLOW, RULE })
	void aRowThatIsDroppedOnItsWayFailsTheMigration(String trap) {
		migrate();
		this.database.execute(trap);
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_TRIGGER);
		assertThat(failure)
			.hasMessageContainingAll("The row for the history \"public\".\"tidemark_history\" was not written",
					"The transaction was rolled back", "the files need no change")
			.hasMessageNotContaining("division by zero");
		assertThat(this.database.value("SELECT to_regclass('b')")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { SWALLOW, RULE })
	void aRowThatIsDroppedOnItsWayFailsAFileInSegmentsBeforeItsFirstStatement(String trap) {
		migrate();
		this.database.execute(trap);
		this.folder.add("V2__b.sql", "CREATE TABLE b (); VACUUM b");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_TRIGGER);
		assertThat(failure).hasMessageNotContaining("division by zero");
		assertThat(this.database.value("SELECT to_regclass('b')")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "state := 'failed'", "rank := NEW.rank + 10", "version := '7'", "description := 'x'",
			"kind := 'repeatable'", "deployment_id := 'x'" })
	void aRowThatIsChangedOnItsWayFailsTheMigration(String change) {
		migrate();
		this.database.execute("""
				CREATE FUNCTION twist() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.%s; RETURN NEW; END $$;
				CREATE TRIGGER twist BEFORE INSERT ON tidemark_history FOR EACH ROW EXECUTE FUNCTION twist()"""
			.formatted(change));
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_TRIGGER);
		assertThat(failure).hasMessageContaining("The table has trigger twist (function public.twist)")
			.hasMessageNotContaining("division by zero");
		assertThat(this.database.value("SELECT to_regclass('b')")).isNull();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "RETURN NULL", "NEW.state := 'failed'; RETURN NEW", "NEW.statements_done := 0; RETURN NEW" })
	void progressThatIsDroppedOrChangedOnItsWayIsTold(String body) {
		migrate();
		this.database.execute("""
				CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s; END $$;
				CREATE TRIGGER swallow BEFORE UPDATE ON tidemark_history FOR EACH ROW EXECUTE FUNCTION swallow()"""
			.formatted(body));
		this.folder.add("V2__b.sql", "-- tidemark: transaction=none\nCREATE TABLE b (); VACUUM b");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_TRIGGER);
		assertThat(failure).hasMessageContaining("The table has trigger swallow (function public.swallow)")
			.hasMessageNotContaining("division by zero");
		assertThat(failure.problems().get(0).state()).startsWith("1 of 2 statements of this file is done and stays.");
		assertThat(this.database.value("SELECT to_regclass('b')")).isEqualTo("b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-- tidemark: transaction=none\nCREATE TABLE b (); DROP TABLE tidemark_history",
			"CREATE TABLE b (); DROP TABLE tidemark_history" })
	void aHistoryThatTheFileDropsIsSaidToBeGone(String file) {
		migrate();
		this.folder.add("V2__b.sql", file);

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_LAYOUT);
		assertThat(failure).hasMessageContaining("is not there any more");
	}

	@Test
	void aRowThatIsGoneInTheMiddleOfAFileIsNotToldInTheWordsOfOurCheck() {
		migrate();
		this.folder.add("V2__b.sql", "VACUUM a; DELETE FROM tidemark_history WHERE version = '2'; VACUUM a");

		assertThat(failure()).hasMessageContaining("TM-HIS-").hasMessageNotContaining("division by zero");
	}

	@Test
	void aRowThatIsDroppedOnItsWayFailsCode() {
		migrate();
		this.database.execute(SWALLOW);

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark().migration(new VersionTwo((jdbc) -> jdbc.client().sql("CREATE TABLE b ()").update()))
					.build()
					.migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_TRIGGER);
		assertThat(this.database.value("SELECT to_regclass('b')")).isNull();
	}

	@Test
	void aBaselineThatIsDroppedOnItsWayIsNoBaseline() {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()").add("V2__b.sql", "CREATE TABLE b ()");
		this.database.execute("CREATE TABLE a ()");
		this.database.execute("""
				CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
				CREATE FUNCTION trap() RETURNS event_trigger LANGUAGE plpgsql AS $$
				BEGIN
				  CREATE TRIGGER swallow BEFORE INSERT ON tidemark_history FOR EACH ROW EXECUTE FUNCTION swallow();
				END $$;
				CREATE EVENT TRIGGER trap ON ddl_command_end WHEN tag IN ('CREATE TABLE') EXECUTE FUNCTION trap()""");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark().baseline(MigrationVersion.of("1"), "INC-1").build().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_TRIGGER);
		assertThat(this.database.value("SELECT to_regclass('b')")).isNull();
	}

	@Test
	void aDecisionThatIsDroppedOnItsWayIsNoDecision() {
		this.folder.add("V2__b.sql", "VACUUM a; SELECT 1 / 0");
		failure();
		this.database.execute(SWALLOW);

		assertThat(catchThrowableOfType(TidemarkException.class,
				() -> tidemark().build().resolve(ResolveRequest.of(Identity.of("2"), 2, Resolution.APPLIED, "by hand")))
			.code()).isEqualTo(ErrorCode.HISTORY_TRIGGER);
	}

	@Test
	void anUndoThatIsDroppedOnItsWayIsNoUndo() {
		this.folder.add("U1__a.sql", "DROP TABLE a");
		migrate();
		this.database.execute(SWALLOW);

		assertThat(catchThrowableOfType(TidemarkException.class,
				() -> tidemark().build().undo(UndoRequest.of(UndoSelection.last())))
			.code()).isEqualTo(ErrorCode.HISTORY_TRIGGER);
		assertThat(this.database.value("SELECT to_regclass('a')")).isEqualTo("a");
	}

	@Test
	void aFailureThatIsDroppedOnItsWayIsTold() {
		migrate();
		this.database.execute(SWALLOW);
		this.folder.add("V2__b.sql", "SELECT 1 / 0");
		try (LogOf log = new LogOf("dev.tidemark")) {
			assertThat(failure().code()).isEqualTo(ErrorCode.STATEMENT);

			assertThat(log.at(Level.WARN)).singleElement()
				.asString()
				.contains("could not be recorded: The row for the history")
				.doesNotContain("division by zero");
		}
	}

	@Test
	void aTriggerThatFailsIsNamedAndNoFileIsBlamed() {
		migrate();
		this.database.execute(REFUSE);
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_TRIGGER);
		assertThat(failure)
			.hasMessageContainingAll("its function \"audit of us\".refuse() ran for it",
					"relation \"nowhere\" does not exist", "DROP TRIGGER ... ON \"public\".\"tidemark_history\"")
			.hasMessageNotContaining("Correct the file");
	}

	@Test
	void aTriggerThatFailsWithTheProgressOfAFileIsNamed() {
		migrate();
		this.database.execute(REFUSE.replace("INSERT OR UPDATE", "UPDATE"));
		this.folder.add("V2__b.sql", "CREATE TABLE b (); VACUUM b");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_TRIGGER);
		assertThat(failure).hasMessageContaining("\"audit of us\".refuse()");
	}

	@Test
	void anEventTriggerThatFailsIsNamed() {
		this.database.execute("""
				CREATE FUNCTION refuse_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$
				BEGIN RAISE 'no tables on Fridays'; END $$;
				CREATE EVENT TRIGGER refuse_ddl ON ddl_command_end WHEN tag IN ('CREATE TABLE')
				  EXECUTE FUNCTION refuse_ddl()""");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark().baseline(MigrationVersion.of("0"), "INC-1").build().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_TRIGGER);
		assertThat(failure).hasMessageContainingAll("its function refuse_ddl() ran", "no tables on Fridays",
				"ALTER EVENT TRIGGER");
	}

	@Test
	void aDeferredTriggerOfTheFileIsTheFilesOwn() {
		this.folder.add("V2__b.sql", """
				CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'too late'; END $$;
				CREATE CONSTRAINT TRIGGER later AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED
				  FOR EACH ROW EXECUTE FUNCTION later();
				INSERT INTO a VALUES (1)""");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.COMMIT);
		assertThat(failure).hasMessageContaining("Correct the file");
	}

	@Test
	void aRuleThatRewritesProgressIsTold() {
		migrate();
		this.database.execute("CREATE RULE keep AS ON UPDATE TO tidemark_history DO INSTEAD NOTHING");
		this.folder.add("V2__b.sql", "CREATE TABLE b (); VACUUM b");

		assertThat(failure()).hasMessageContainingAll("TM-HIS-005", "DROP RULE");
	}

	@Test
	void aRuleThatOnlyAddsSomethingIsNoObstacle() {
		migrate();
		this.database.execute("CREATE TABLE noted (rank int);"
				+ " CREATE RULE note AS ON INSERT TO tidemark_history DO ALSO INSERT INTO noted VALUES (NEW.rank)");
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");
		migrate();

		assertThat(this.database.rows("SELECT rank FROM noted")).containsExactly("2");
	}

}
