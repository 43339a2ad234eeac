package dev.tidemark.security;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * A canary is put wherever secrets live, and everything is made to fail: it must be
 * neither in a log of any level, nor in an exception, nor in the history, nor in what an
 * inspection or a listener hears.
 */
@ExtendWith(PostgresExtension.class)
class SecretsNowhereTests {

	private static final String CANARY = "c4n4ry-hunter2";

	/** A row may hold what looks like no secret at all. */
	private static final String NUMBER = "4111111111111111";

	private static final String DAY = "2031-02-30";

	/** What stands for the canary in statements. */
	private static final Pattern WORD = Pattern.compile("(?<![A-Za-z])C(?![A-Za-z])");

	private static final java.util.logging.Logger DRIVER = java.util.logging.Logger.getLogger("org.postgresql");

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final TestDatabase database;

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final List<String> seen = new ArrayList<>();

	private final Handler driverLog = new Handler() {

		@Override
		public void publish(LogRecord line) {
			SecretsNowhereTests.this.seen.add(new SimpleFormatter().format(line));
		}

		@Override
		public void flush() {
		}

		@Override
		public void close() {
		}

	};

	private MigrationFolder folder;

	SecretsNowhereTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void listen(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", """
				CREATE TABLE account (id int PRIMARY KEY, note text UNIQUE, other int);
				CREATE TABLE vault (secret text);
				CREATE TABLE big (note text);
				CREATE TABLE card (number text, day text)""");
		root().setLevel(Level.TRACE);
		this.log.start();
		root().addAppender(this.log);
	}

	/** The driver logs by the JDK's own loggers. */
	@BeforeEach
	void listenToTheDriver() {
		DRIVER.addHandler(this.driverLog);
	}

	@AfterEach
	void stopListening() {
		DRIVER.removeHandler(this.driverLog);
		root().detachAppender(this.log);
		root().setLevel(Level.WARN);
	}

	private static Logger root() {
		return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database).placeholders(Map.of("app_password", CANARY)).listener(new Ear());
	}

	private void fill() {
		tidemark().build().migrate();
		this.database.execute("INSERT INTO vault VALUES ('" + CANARY + "'); INSERT INTO big SELECT '" + CANARY
				+ "' FROM generate_series(1, 2); INSERT INTO card VALUES ('" + NUMBER + "', '" + DAY + "')");
	}

	/** Everything that anybody can see of a run that fails. */
	private TidemarkException look(Tidemark tidemark) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);
		assertThat(failure).isNotNull();
		see(failure);
		see(catchThrowableOfType(TidemarkException.class, tidemark::verify));
		try {
			this.seen.add(tidemark.plan().toString());
			this.seen.add(tidemark.plan(UndoRequest.of(UndoSelection.to(MigrationVersion.of("0")))).toString());
		}
		catch (TidemarkException ex) {
			see(ex);
		}
		Inspection inspection = tidemark.inspect(InspectRequest.everything().within(PATIENCE));
		this.seen.add(inspection.toString());
		inspection.runs().forEach((row) -> this.seen.add(row + " " + row.failure()));
		inspection.problems().forEach((problem) -> this.seen.add(problem.toString()));
		inspection.migrations().forEach((entry) -> this.seen.add(entry + " " + tidemark.text(entry.identity())));
		if (this.database.value("SELECT to_regclass('tidemark_history')") != null) {
			this.seen.addAll(this.database.rows("SELECT h::text FROM tidemark_history h"));
		}
		return failure;
	}

	private void see(@Nullable Throwable thrown) {
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			StringWriter trace = new StringWriter();
			cause.printStackTrace(new PrintWriter(trace));
			this.seen.add(cause + " " + cause.getMessage() + " " + cause.getLocalizedMessage() + " " + trace);
			for (Throwable suppressed : cause.getSuppressed()) {
				see(suppressed);
			}
		}
	}

	private void assertSecret() {
		assertThat(this.seen).isNotEmpty();
		assertThat(String.join("\n", this.seen)).doesNotContain("c4n4ry", "hunter2", "C4N4RY", "HUNTER2", NUMBER, DAY);
		assertThat(new ArrayList<>(this.log.list)).isNotEmpty()
			// Spring logs the SQL of code at DEBUG; what must not be seen is a parameter.
			.filteredOn((event) -> !event.getLoggerName().startsWith("org.springframework.jdbc."))
			.extracting(SecretsNowhereTests::logged)
			.allSatisfy((line) -> assertThat(line).doesNotContain("c4n4ry", "hunter2", NUMBER, DAY));
	}

	private static String logged(ILoggingEvent event) {
		return event.getLoggerName() + " " + event.getFormattedMessage()
				+ ((event.getThrowableProxy() != null) ? ThrowableProxyUtil.asString(event.getThrowableProxy()) : "");
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE ROLE app LOGIN PASSWORD 'C' NONSENSE", "ALTER USER nobody_here PASSWORD 'C'",
			"ALTER ROLE nobody_here ENCRYPTED PASSWORD $x$C$x$",
			"CREATE USER MAPPING FOR CURRENT_USER SERVER nowhere OPTIONS (user 'a', password 'C')",
			"CREATE SERVER s FOREIGN DATA WRAPPER nowhere OPTIONS (host 'h', password 'C')",
			"CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1 password=C' PUBLICATION p",
			"CREATE SUBSCRIPTION s CONNECTION 'postgresql://u:C@127.0.0.1:1/d' PUBLICATION p",
			"CREATE SUBSCRIPTION s CONNECTION 'nonsense C' PUBLICATION p", "SELECT dblink_connect('host=h password=C')",
			"SELECT dblink_connect('postgresql://u:C@h/d')", "COPY big FROM PROGRAM 'echo C; exit 7'",
			"COPY big TO PROGRAM 'cat > /dev/null; false C'", "SELECT crypt('C', gen_salt('bf'))",
			"SELECT pgp_sym_encrypt('a', 'C')", "SELECT set_config('app.secret', 'C', false), 1 / 0",
			"SET app.api_key = 'C'; SELECT nothing", "SET lock_timeout = 'password C'",
			"ALTER SYSTEM SET primary_conninfo = 'host=h password=C' NONSENSE",
			"INSERT INTO account (id, password) VALUES (1, 'C')",
			"INSERT INTO account (id, note) SELECT NULL, secret FROM vault",
			"INSERT INTO account (id, note) SELECT g, secret FROM vault, generate_series(1, 2) g",
			"INSERT INTO account (id, note) SELECT length(secret), secret FROM vault UNION ALL SELECT 1, secret FROM vault",
			"SELECT secret::int FROM vault", "SELECT secret::jsonb FROM vault", "SELECT secret::timestamptz FROM vault",
			"SELECT secret::uuid FROM vault", "SELECT to_date(secret, 'YYYY') FROM vault",
			"SELECT secret::regclass FROM vault", "SELECT secret::bytea, decode(secret, 'hex') FROM vault",
			"ALTER TABLE big ADD CHECK (note <> 'x' AND length(note) < 3)", "ALTER TABLE big ADD UNIQUE (note)",
			"ALTER TABLE big ADD FOREIGN KEY (note) REFERENCES account (note)",
			"ALTER TABLE big ALTER note TYPE int USING note::int",
			"ALTER TABLE big ADD EXCLUDE USING btree (note WITH =)",
			"CREATE DOMAIN short AS text CHECK (length(VALUE) < 3); SELECT secret::short FROM vault",
			"CREATE TABLE part (note text) PARTITION BY LIST (note); INSERT INTO part SELECT note FROM big",
			"CREATE VIEW v AS SELECT note FROM big WHERE note = 'x' WITH CHECK OPTION; INSERT INTO v SELECT note FROM big",
			"CREATE UNIQUE INDEX CONCURRENTLY big_note ON big (note)",
			"COPY account (id, note) FROM stdin;\nC\tC\n\\.\n",
			"COPY account (id, note) FROM stdin;\n1\tC\n2\tC\n\\.\n",
			"COPY account (id, note) FROM stdin;\n1\tC\tC\tC\n\\.\n",
			"DO $$ BEGIN EXECUTE 'ALTER ROLE nobody_here PASSWORD ''C'''; END $$",
			"DO $$ DECLARE pw text := 'C'; BEGIN EXECUTE format('ALTER ROLE nobody_here PASSWORD %L', pw); END $$",
			"DO $$ BEGIN EXECUTE 'INSERT INTO account (password) VALUES (''C'')'; END $$",
			"CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ ALTER ROLE nobody_here PASSWORD 'C' $$; SELECT f()",
			"CREATE ROLE app PASSWORD '${app_password}' NONSENSE", "SELECT '${app_password}'::int",
			"SELECT ${app_password}", "SELECT '${app_password}' FROM \"${app_password}\"",
			"DO 'BEGIN RAISE NOTICE ''${app_password}''; RAISE EXCEPTION ''no ${app_password}''; END'",
			"-- tidemark: placeholders=everywhere\nDO $$ BEGIN RAISE NOTICE '${app_password}'; RAISE EXCEPTION 'no ${app_password}'; END $$",
			"CREATE ROLE app LOGIN PASSWORD \"C\"", "CREATE ROLE app LOGIN PASSWORD C",
			"ALTER USER app pasword 'C' LOGIN",
			"CREATE USER MAPPING FOR CURRENT_USER SERVER nowhere OPTIONS (user 'a', passwrd 'C' x)",
			"SELECT nothing.http_get('{\"Authorization\": \"Bearer C\"}'), 'Bearer C'::int",
			"DO $$ BEGIN RAISE '%', lower('${app_password}'); END $$", "SELECT upper('${app_password}')::int",
			"SELECT 'password C", "CREATE TABLE t (a text DEFAULT 'C' PASSWORD)",
			"INSERT INTO big SELECT secret FROM vault; VACUUM big; SELECT note::int FROM big" })
	void aStatementThatFails(String sql) {
		fill();
		this.folder.add("V2__b.sql", WORD.matcher(sql).replaceAll(CANARY));

		see(catchThrowableOfType(TidemarkException.class, tidemark().build()::migrate));
		look(tidemark().build());

		assertSecret();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER TABLE card ALTER number TYPE int USING number::int",
			"ALTER TABLE card ALTER day TYPE date USING day::date", "SELECT number::smallint FROM card",
			"SELECT number::numeric(5, 2) FROM card", "SELECT (number || 'e400')::float8 FROM card",
			"SELECT to_date(day, 'YYYY-MM-DD') FROM card", "SELECT to_date('x' || number, 'YYYY') FROM card",
			"SELECT to_timestamp(day, 'HH24 MI') FROM card", "SELECT number::timestamptz FROM card",
			"SELECT make_date(split_part(day, '-', 1)::int, split_part(day, '-', 2)::int, split_part(day, '-', 3)::int) FROM card",
			"CREATE SEQUENCE few MAXVALUE 10; SELECT setval('few', number::bigint) FROM card",
			"SELECT percentile_cont(number::float8) WITHIN GROUP (ORDER BY 1) FROM card GROUP BY number",
			"SELECT ('{\"card\" ' || number || '}')::json FROM card",
			"SELECT ('{\"card\": \"' || number)::jsonb FROM card", "SELECT ('<a>' || number || '</b>')::xml FROM card",
			"SELECT (number || ' &')::tsquery FROM card", "SELECT ('{' || number)::int[] FROM card",
			"SELECT ('[' || number || ')')::int8range FROM card", "SELECT number::inet FROM card",
			"SELECT number::money::int FROM card", "SELECT number::bit(3) FROM card",
			"SELECT number::interval FROM card", "SELECT now() AT TIME ZONE number FROM card",
			"SELECT date_trunc(number, now()) FROM card", "SELECT set_config('lock_timeout', number, false) FROM card",
			"CREATE TYPE scheme AS ENUM ('visa'); SELECT number::scheme FROM card",
			"DO $$ BEGIN PERFORM number::int FROM card; END $$",
			"DO $$ BEGIN RAISE 'no card %', (SELECT number FROM card) USING ERRCODE = '22000'; END $$",
			"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';"
					+ "CREATE TRIGGER t BEFORE INSERT ON card FOR EACH ROW EXECUTE FUNCTION f();"
					+ "COPY card FROM stdin;\n4111111111111111\t2031-02-30\n\\.\n" })
	void aStatementThatFailsAtAValueThatLooksLikeNoSecret(String sql) {
		fill();
		this.folder.add("V2__b.sql", sql);

		assertThat(look(tidemark().build()).code()).isEqualTo(ErrorCode.STATEMENT);

		assertSecret();
	}

	@Test
	void aConstraintThatFailsAtTheCommit() {
		fill();
		this.folder.add("V2__b.sql", """
				CREATE TABLE child (note text REFERENCES account (note) DEFERRABLE INITIALLY DEFERRED);
				INSERT INTO child SELECT secret FROM vault""");

		assertThat(look(tidemark().build()).code()).isEqualTo(ErrorCode.COMMIT);

		assertSecret();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "beforeMigrate.sql", "beforeEachMigrate.sql", "afterEachMigrate.sql", "beforeValidate.sql" })
	void aCallbackThatFails(String name) {
		fill();
		this.folder.add("V2__b.sql", "SELECT 1").add(name, "ALTER ROLE nobody_here PASSWORD '" + CANARY + "'");

		look(tidemark().build());

		assertSecret();
	}

	@Test
	void codeThatFails() {
		fill();
		look(tidemark().migration(new Code("ALTER ROLE nobody_here PASSWORD '" + CANARY + "'")).build());
		look(tidemark().migration(new Code("INSERT INTO account (id, note) SELECT NULL, secret FROM vault")).build());
		look(tidemark().migration(new Code("SELECT '" + CANARY + "'::int")).build());
		look(tidemark().migration(new Code(null)).build());

		assertSecret();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET app.secret = 'C'; SELECT nothing",
			"SELECT set_config('app.password', 'C', false), 'C'::int", "SET ROLE nobody_here; SELECT 'password C'",
			"ALTER ROLE nobody_here PASSWORD 'C'" })
	void initSqlThatFails(String sql) {
		look(tidemark().initSql(WORD.matcher(sql).replaceAll(CANARY)).build());

		assertSecret();
	}

	@ParameterizedTest
	@ValueSource(strings = { "?user=postgres&password=C", "?password=C&user=nobody_here",
			"?user=postgres&sslpassword=C", "?sslmode=nonsense&password=C", "_missing?user=postgres&password=C",
			"?options=-c%20nonsense=1&password=C" })
	void aUrlThatDoesNotConnect(String rest) {
		look(tidemarkOf(this.database.jdbcUrl() + WORD.matcher(rest).replaceAll(CANARY), null));

		assertSecret();
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://u:C@nowhere.invalid/x", "jdbc:mysql://u:C@h/x?password=C",
			"postgresql://u:C@h/x", "jdbc:postgresql://nowhere.invalid?user=u&password=C",
			"jdbc:postgresql://nowhere.invalid:port/x?password=C",
			"jdbc:postgresql://nowhere.invalid:99999/x?password=C" })
	void aUrlThatIsNone(String url) {
		look(tidemarkOf(WORD.matcher(url).replaceAll(CANARY), CANARY));

		assertSecret();
	}

	private Tidemark tidemarkOf(String url, @Nullable String password) {
		return Tidemark.builder(ConnectionSource.of(url, null, password))
			.locations(this.folder.location())
			.listener(new Ear())
			.build();
	}

	@Test
	void theStatementOfASessionInTheWay() throws Exception {
		fill();
		this.folder.add("V2__b.sql", "ALTER TABLE big ADD COLUMN x int");
		try (Connection other = this.database.connect(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("UPDATE big SET note = '" + CANARY + "' WHERE note = E'" + CANARY + "'");

			TidemarkException failure = look(tidemark().lockTimeout(Duration.ofMillis(800))
				.lockRetry(new LockRetry(Duration.ofMillis(900)))
				.build());

			assertThat(failure.code()).isEqualTo(ErrorCode.LOCK_TIMEOUT);
			assertThat(failure).hasMessageContaining("UPDATE big SET note = '***'");
		}
		assertSecret();
	}

	@Test
	void theStatementOfTheInstanceThatMigrates() throws Exception {
		fill();
		this.folder.add("V2__b.sql", "SELECT '${app_password}', pg_advisory_lock(4711), '" + CANARY + "'");
		try (Connection other = this.database.connect(); Statement statement = other.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(4711), '" + CANARY + "'");
			Thread run = new Thread(
					() -> catchThrowableOfType(TidemarkException.class, () -> tidemark().build().migrate()));
			run.start();
			await().until(() -> "1".equals(
					this.database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")));

			TidemarkException failure = look(tidemark().waitTimeout(Duration.ofMillis(1500)).build());

			assertThat(failure.code()).isEqualTo(ErrorCode.INSTANCE_LOCK);
			statement.execute("SELECT pg_advisory_unlock(4711)");
			run.join();
		}
		assertSecret();
	}

	@Test
	void anUndoThatFailsAndOneThatWouldLoseData() {
		fill();
		this.folder.add("V2__b.sql", "INSERT INTO account (id, note) VALUES (7, '${app_password}')")
			.add("U2__b.sql", "DELETE FROM account; ALTER ROLE nobody_here PASSWORD '" + CANARY + "'");
		Tidemark tidemark = tidemark().build();
		tidemark.migrate();
		UndoSelection selection = UndoSelection.to(MigrationVersion.of("1"));
		this.seen.add(tidemark.plan(UndoRequest.of(selection)).toString());

		see(catchThrowableOfType(TidemarkException.class, () -> tidemark.undo(UndoRequest.of(selection))));
		see(catchThrowableOfType(TidemarkException.class,
				() -> tidemark.undo(UndoRequest.of(selection).allowingDataLoss("a test"))));
		this.seen.add(tidemark.inspect(InspectRequest.everything().within(PATIENCE)).toString());
		this.seen.addAll(this.database.rows("SELECT h::text FROM tidemark_history h"));

		assertThat(this.seen).anyMatch((text) -> text.contains("nobody_here"));
		assertSecret();
	}

	@Test
	void whatSucceeds() {
		fill();
		this.folder.add("V2__b.sql", """
				SELECT set_config('app.password', '%1$s', false);
				DO $$ BEGIN RAISE NOTICE 'password=%1$s'; RAISE WARNING 'token: %1$s'; END $$;
				CREATE TABLE c (password text DEFAULT '%1$s');
				INSERT INTO c VALUES ('${app_password}')""".formatted(CANARY));
		Tidemark tidemark = tidemark().build();
		this.seen.add(tidemark.migrate().toString());
		this.seen.add(tidemark.inspect(InspectRequest.everything().within(PATIENCE)).toString());
		this.seen.add(tidemark.connections().toString());
		this.seen.add(tidemark.fingerprint());
		this.seen.addAll(this.database.rows("SELECT h::text FROM tidemark_history h"));

		assertSecret();
	}

	/** Hears all that listeners hear. */
	private final class Ear implements RunListener {

		@Override
		public void migrationFailed(MigrationInfo migration, TidemarkException failure) {
			SecretsNowhereTests.this.seen.add(migration.toString());
			see(failure);
		}

		@Override
		public void lockNotGranted(LockWait wait) {
			SecretsNowhereTests.this.seen.add(wait.toString());
		}

		@Override
		public void runFailed(TidemarkException failure) {
			see(failure);
		}

	}

	private static final class Code implements CodeMigration {

		private final @Nullable String sql;

		Code(@Nullable String sql) {
			this.sql = sql;
		}

		@Override
		public Identity identity() {
			return Identity.of("2");
		}

		@Override
		public void migrate(JdbcContext jdbc) {
			if (this.sql == null) {
				throw new IllegalStateException("password=" + CANARY, new IllegalArgumentException("token: " + CANARY));
			}
			jdbc.client().sql(this.sql).update();
		}

	}

}
