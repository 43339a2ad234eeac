package dev.tidemark.outcome;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.session.settings.AsynchronousCommit;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How long commits wait. A trigger that runs with the commit of each history row tells.
 */
@ExtendWith(PostgresExtension.class)
class DurabilityTests {

	private static final String LOOK = """
			CREATE TABLE public.seen (number int GENERATED ALWAYS AS IDENTITY, what text, commit text);
			CREATE FUNCTION public.look() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN
			  INSERT INTO public.seen (what, commit)
			    VALUES (NEW.version || ' ' || NEW.state, pg_catalog.current_setting('synchronous_commit'));
			  RETURN NULL;
			END $$;
			""";

	private static final String TRIGGER = """
			CREATE CONSTRAINT TRIGGER look AFTER INSERT OR UPDATE ON %s.tidemark_history
			  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.look();
			""";

	private static final String WEAK = "SET synchronous_commit = off; ";

	private final TestDatabase database;

	private MigrationFolder folder;

	DurabilityTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void look(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
		tidemark().build().migrate();
		this.database.execute(LOOK + TRIGGER.formatted("public"));
		// The server of the tests has it off, to be fast.
		set("on");
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database);
	}

	private void set(String value) {
		this.database.execute("ALTER DATABASE " + this.database.name() + " SET synchronous_commit = " + value);
	}

	private List<String> seen() {
		return this.database.rows("SELECT what, commit FROM seen ORDER BY number");
	}

	private void addThree() {
		this.folder.add("V2__b.sql", "SELECT 1").add("V3__c.sql", "SELECT 1").add("V4__d.sql", "SELECT 1");
	}

	@Test
	void allCommitsButTheLastAreAsynchronous() {
		addThree();
		tidemark().build().migrate();

		assertThat(seen()).containsExactly("2 applied|off", "3 applied|off", "4 applied|on");
	}

	@Test
	void noneIsWhereThatIsSwitchedOff() {
		addThree();
		tidemark().asynchronousCommit(AsynchronousCommit.OFF).build().migrate();

		assertThat(seen()).containsExactly("2 applied|on", "3 applied|on", "4 applied|on");
	}

	@ParameterizedTest
	@ValueSource(strings = { "remote_apply", "remote_write", "local", "off" })
	void whatTheDatabaseHasChosenIsKept(String value) {
		set(value);
		addThree();
		tidemark().build().migrate();

		assertThat(seen()).containsExactly("2 applied|" + value, "3 applied|" + value, "4 applied|" + value);
	}

	@Test
	void theHistoryTableIsCreatedAsTheDatabaseHasChosen() {
		set("remote_apply");
		this.database.execute(
				"""
						CREATE FUNCTION created() RETURNS event_trigger LANGUAGE plpgsql AS $$
						BEGIN INSERT INTO public.seen (what, commit) VALUES (tg_tag, current_setting('synchronous_commit')); END $$;
						CREATE EVENT TRIGGER created ON ddl_command_end WHEN tag IN ('CREATE TABLE') EXECUTE FUNCTION created()""");
		tidemark().schema("other").build().migrate();

		assertThat(seen()).contains("CREATE TABLE|remote_apply").doesNotContain("CREATE TABLE|off");
	}

	@Test
	void whatInitSqlHasChosenIsKept() {
		addThree();
		tidemark().initSql("SET synchronous_commit = remote_write").build().migrate();

		assertThat(seen()).extracting((row) -> row.replaceAll(".*\\|", "")).containsOnly("remote_write");
	}

	@ParameterizedTest
	@ValueSource(strings = { WEAK, "SET LOCAL synchronous_commit = off; ",
			"SELECT set_config('synchronous_commit', 'off', true); " })
	void theLastFileCannotWeakenTheEndOfTheRun(String weak) {
		this.folder.add("V2__b.sql", weak + "CREATE TABLE b (x int)");
		tidemark().build().migrate();

		assertThat(seen()).containsExactly("2 applied|on");
	}

	@Test
	void aFileCannotWeakenItsProgress() {
		this.folder.add("V2__b.sql", WEAK + "CREATE INDEX CONCURRENTLY a_x ON a (x); CREATE TABLE b (x int)");
		tidemark().build().migrate();

		assertThat(seen()).hasSizeGreaterThan(3).allSatisfy((row) -> assertThat(row).endsWith("|on"));
	}

	@Test
	void aFileCannotWeakenItsFailure() {
		this.folder.add("V2__b.sql", WEAK + "SELECT 1 / 0");
		assertThatExceptionOfType(TidemarkException.class).isThrownBy(tidemark().build()::migrate);

		assertThat(seen()).containsExactly("2 failed|on");
	}

	@Test
	void aDecisionIsDurable() {
		this.folder.add("V2__b.sql", "VACUUM a; SELECT 1 / 0");
		assertThatExceptionOfType(TidemarkException.class).isThrownBy(tidemark().build()::migrate);
		set("remote_apply");
		tidemark().build().resolve(ResolveRequest.of(Identity.of("2"), 2, Resolution.APPLIED, "by hand"));

		assertThat(seen()).endsWith("2 applied|remote_apply");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "VACUUM a; " })
	void anUndoFileCannotWeakenItsEnd(String alone) {
		this.folder.add("V2__b.sql", "CREATE TABLE b ()").add("U2__b.sql", WEAK + alone + "DROP TABLE b");
		tidemark().build().migrate();
		tidemark().build().undo(UndoRequest.of(UndoSelection.last()));

		assertThat(seen()).endsWith("2 undone|on");
	}

	@Test
	void aCallbackCannotWeakenItsCommit() {
		this.database.execute("""
				CREATE TABLE called (x int);
				CREATE CONSTRAINT TRIGGER look AFTER INSERT ON called
				  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION called();
				""".replace("FUNCTION called()", "FUNCTION public.look_called()").replace("CREATE TABLE", """
				CREATE FUNCTION public.look_called() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN
				  INSERT INTO public.seen (what, commit) VALUES ('called', current_setting('synchronous_commit'));
				  RETURN NULL;
				END $$;
				CREATE TABLE"""));
		this.folder.add("afterMigrate.sql", "SET LOCAL synchronous_commit = off; INSERT INTO called VALUES (1)");
		tidemark().build().migrate();

		assertThat(seen()).containsExactly("called|on");
	}

	@ParameterizedTest
	@ValueSource(strings = { "on", "remote_apply" })
	void theLastCommitOfEachTenantIsDurable(String value) {
		set(value);
		List<String> schemas = List.of("one", "two");
		tenants(schemas);
		schemas.forEach((schema) -> this.database.execute(TRIGGER.formatted(schema)));
		this.folder.add("V2__b.sql", "SELECT 1").add("V3__c.sql", WEAK + "SELECT 1");
		tenants(schemas);

		String middle = value.equals("on") ? "off" : value;
		assertThat(seen()).containsExactlyInAnyOrder("2 applied|" + middle, "2 applied|" + middle, "3 applied|" + value,
				"3 applied|" + value);
	}

	private void tenants(List<String> schemas) {
		Tenants.builder(tidemark().build(), TenantSchemas.of(schemas)).connections(1).build().migrate();
	}

}
