package dev.tidemark.security;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.StringLiteral;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Names of the configuration are names and nothing else, whatever they hold.
 */
@ExtendWith(PostgresExtension.class)
class HostileNamesTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String LONGEST = "x".repeat(63);

	private final TestDatabase database;

	private MigrationFolder folder;

	HostileNamesTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.database.execute("CREATE TABLE public.victim (); INSERT INTO public.victim DEFAULT VALUES");
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)")
			.add("V2__b.sql", "CREATE INDEX CONCURRENTLY a_x ON a (x); CREATE TABLE b ()")
			.add("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT x FROM a");
	}

	private Tidemark.Builder tidemark(String name) {
		return this.folder.tidemark(this.database)
			.schema(name)
			.schemas(List.of(name, second(name)))
			.historyTable(name)
			.application(name, name, name)
			.installedBy(name)
			.tag(name);
	}

	private static String second(String name) {
		return "2" + name.substring(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\"b", "\"", "\"\"", "x\"; DROP TABLE public.victim; --",
			"x'; DROP TABLE public.victim; --", "it's", "back\\slash", "\\'; DROP TABLE public.victim; --", "new\nline",
			"tab\t", "CamelCase", "SELECT", "per%cent", "%s%d%n", "$1", "$$", "$body$", "a$user", "?", "{fn now()}",
			"a.b", "a,b", " blank ", "-- c", "/* c */", "\u00dcn\u00ef\u8868 \ud83d\ude00", "\u202egnp",
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" })
	void aNameLivesAWholeLife(String name) throws SQLException {
		String role = name.equals(LONGEST) ? LONGEST : "r" + name.substring(1);
		String quotedRole = Identifiers.quote(role);
		this.database.execute("CREATE ROLE " + quotedRole + "; GRANT CREATE ON DATABASE " + this.database.name()
				+ " TO " + quotedRole + "; ALTER DEFAULT PRIVILEGES FOR ROLE " + quotedRole
				+ " GRANT ALL ON TABLES TO PUBLIC, " + quotedRole);
		try {
			live(tidemark(name).role(role).build(), name);
			assertThat(
					this.database.rows("SELECT DISTINCT r.rolname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
							+ " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = "
							+ StringLiteral.quote(name)))
				.containsExactly(role);
			assertThat(this.database.value("SELECT count(*) FROM public.victim")).isEqualTo("1");
		}
		finally {
			this.database.execute("DROP OWNED BY " + quotedRole + " CASCADE; DROP ROLE " + quotedRole);
		}
	}

	private void live(Tidemark tidemark, String name) throws SQLException {
		String history = Identifiers.quote(name) + "." + Identifiers.quote(name);
		assertThat(tidemark.inspect(InspectRequest.everything().within(PATIENCE)).state())
			.isEqualTo(Inspection.State.PENDING);
		assertThat(tidemark.migrate().applied()).hasSize(3);
		assertThat(tidemark.migrate().applied()).isEmpty();
		assertThat(tidemark.verify().database().schema()).isEqualTo(name);
		assertThat(this.database.value("SELECT count(*) FROM " + Identifiers.quote(name) + ".a")).isEqualTo("0");
		assertThat(this.database
			.value("SELECT count(*) FROM pg_namespace WHERE nspname = " + StringLiteral.quote(second(name))))
			.isEqualTo("1");
		this.folder.add("V3__c.sql", "CREATE TABLE c (x int); VACUUM c; CREATE TABLE a ()");
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);
		assertThat(failure.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(failure).hasMessageContaining("42P07");
		Inspection inspection = tidemark.inspect(InspectRequest.everything().within(PATIENCE));
		assertThat(inspection.state()).isEqualTo(Inspection.State.BLOCKED);
		assertThat(inspection.historyTable()).isEqualTo(name);
		tidemark.resolve(ResolveRequest.of(Identity.of("3"), 4, Resolution.APPLIED, name));
		assertThat(this.database.rows("SELECT DISTINCT installed_by, application, instance, tag FROM " + history))
			.containsExactly(String.join("|", name, name, name, name));
		assertThat(tidemark.inspect(InspectRequest.everything().within(PATIENCE)).state())
			.isEqualTo(Inspection.State.UP_TO_DATE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\"b", "it's \\", "new\nline", "per%cent", "a.b" })
	void theLockOfANameIsItsOwnAndIsFound(String name) throws SQLException {
		tidemark(name).build().migrate();
		this.folder.add("V3__c.sql", "CREATE TABLE c ()");
		String key = StringLiteral.quote("tidemark " + Identifiers.quote(name) + "." + Identifiers.quote(name));
		try (Connection holder = this.database.connect(); var statement = holder.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(('x' || left(encode(sha256(convert_to(" + key
					+ ", 'UTF8')), 'hex'), 16))::bit(64)::bigint)");

			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> tidemark(name).waitTimeout(Duration.ZERO).build().migrate());

			assertThat(failure.code()).isEqualTo(ErrorCode.INSTANCE_LOCK);
			assertThat(tidemark(name).build().inspect(InspectRequest.everything().within(PATIENCE)).state())
				.isEqualTo(Inspection.State.RUNNING);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\"b", "it's \\", "new\nline", "%I%%", "a.b" })
	void whatASchemaHoldsIsFoundAndGetsABaseline(String name) {
		this.database.execute("CREATE SCHEMA " + Identifiers.quote(name) + "; CREATE TABLE " + Identifiers.quote(name)
				+ "." + Identifiers.quote(name + "2") + " ()");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark(name).build().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.NOT_EMPTY);
		assertThat(failure.problems().get(0).what())
			.contains(Identifiers.quote(name + "2").replace("\"", "").substring(0, 1));
		assertThat(tidemark(name).baseline(Baseline.NOTHING, name).build().migrate().applied()).hasSize(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "nul\0", "pg_temp", "pg_catalog", "$user",
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
			"\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868\u8868" })
	void aSchemaThatCannotBeIsRefused(String name) {
		assertRefused("'schema'", (builder) -> builder.schema(name));
		assertRefused("'schemas'", (builder) -> builder.schemas(List.of("public", name)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "nul\0", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" })
	void aNameThatCannotBeIsRefused(String name) {
		assertRefused("'history.table'", (builder) -> builder.historyTable(name));
		assertRefused("'connection.role'", (builder) -> builder.role(name));
	}

	@Test
	void theRoleThatMeansNoRoleIsRefused() {
		assertRefused("'connection.role'", (builder) -> builder.role("none"));
	}

	@Test
	void theCharacterZeroIsRefusedWhereverItStands() {
		assertRefused("'history.installed-by'", (builder) -> builder.installedBy("a\0"));
		assertRefused("'history.tag'", (builder) -> builder.tag("a\0"));
		assertRefused("'connection.init-sql'", (builder) -> builder.initSql("SELECT 1\0"));
		assertRefused("'application'", (builder) -> builder.application("a\0", null, "i"));
		assertRefused("'application version'", (builder) -> builder.application(null, "a\0", "i"));
		assertRefused("'instance'", (builder) -> builder.application(null, null, "a\0"));
		assertRefused("'run.skip'", (builder) -> builder.skip(Map.of(Identity.of("1"), "a\0")));
		assertRefused("'baseline.reason'", (builder) -> builder.baseline(Baseline.NOTHING, "a\0"));
		Tidemark tidemark = this.folder.tidemark(this.database).build();
		assertThat(catchThrowableOfType(TidemarkException.class,
				() -> tidemark.resolve(ResolveRequest.of(Identity.of("1"), 1, Resolution.APPLIED, "a\0")))
			.code()).isEqualTo(ErrorCode.SETTING);
		assertThat(catchThrowableOfType(TidemarkException.class,
				() -> tidemark.baseline(new Baseline(Baseline.NOTHING, "a\0")))
			.code()).isEqualTo(ErrorCode.SETTING);
	}

	private void assertRefused(String named, Consumer<Tidemark.Builder> setting) {
		Tidemark.Builder builder = Tidemark
			.builder(ConnectionSource.of("jdbc:postgresql://nowhere.invalid/x", null, null));
		setting.accept(builder);
		TidemarkException refusal = catchThrowableOfType(TidemarkException.class, builder::build);
		assertThat(refusal.code()).isEqualTo(ErrorCode.SETTING);
		assertThat(refusal).hasMessageContaining(named);
	}

}
