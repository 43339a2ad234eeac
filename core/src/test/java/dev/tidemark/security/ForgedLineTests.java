package dev.tidemark.security;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import dev.tidemark.Tidemark;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.StringLiteral;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What others may name or write as they like, with all that could make a line of a log of
 * it: no log, no exception and no plan has a line that is not ours.
 */
@ExtendWith(PostgresExtension.class)
class ForgedLineTests {

	private static final String FORGED = "2026-01-01 ERROR forged";

	/** What a role may be called: at most 63 bytes. */
	private static final String NAME = "x\r\n" + FORGED + "\u001b[2J\u202e\u2028y";

	private final TestDatabase database;

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final List<String> seen = new ArrayList<>();

	private MigrationFolder folder;

	ForgedLineTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void listen(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
		Logger logger = (Logger) LoggerFactory.getLogger("dev.tidemark");
		logger.setLevel(Level.TRACE);
		this.log.start();
		logger.addAppender(this.log);
	}

	@AfterEach
	void stopListening() {
		Logger logger = (Logger) LoggerFactory.getLogger("dev.tidemark");
		logger.setLevel(null);
		logger.detachAppender(this.log);
	}

	private void see(Throwable thrown) {
		assertThat(thrown).isNotNull();
		StringWriter trace = new StringWriter();
		thrown.printStackTrace(new PrintWriter(trace));
		this.seen.add(trace.toString());
	}

	/** Somebody has said it, and nobody sees a line of it. */
	private void assertNothingForged() {
		List<ILoggingEvent> events = List.copyOf(this.log.list);
		events.forEach((event) -> {
			this.seen.add(event.getFormattedMessage());
			if (event.getThrowableProxy() != null) {
				this.seen.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
			}
		});
		assertThat(this.seen).anyMatch((text) -> text.contains(FORGED));
		assertThat(this.seen).allSatisfy((text) -> {
			assertThat(text.split("\\R|\\u0085|\\u2028|\\u2029")).noneMatch((line) -> line.startsWith(FORGED));
			assertThat(text).doesNotContain("\u001b", "\u202e", "\u2028", "\r");
		});
	}

	@Test
	void theNameOfAFile() {
		this.folder.add("V1__a" + NAME + ".sql", "SELECT 1/0")
			.add("R__" + NAME + ".sql", "SELECT 1")
			.add(NAME + ".sql", "SELECT 1");
		Tidemark tidemark = this.folder.tidemark(this.database).build();

		this.seen.add(tidemark.plan().toString());
		see(catchThrowable(tidemark::verify));
		see(catchThrowable(tidemark::migrate));

		assertNothingForged();
	}

	@Test
	void whatTheServerRaises() {
		String raised = StringLiteral.quote("x\n" + FORGED + "\r\n" + FORGED + "\u001b[2J\u202e\u2028y");
		this.folder.add("V1__a.sql",
				"DO $$ BEGIN RAISE NOTICE USING MESSAGE = " + raised + "; RAISE EXCEPTION USING MESSAGE = " + raised
						+ ", DETAIL = " + raised + ", HINT = " + raised + "; END $$");

		see(catchThrowable(this.folder.tidemark(this.database).build()::migrate));

		assertThat(this.log.list).anyMatch((event) -> event.getFormattedMessage().startsWith("Server notice"));
		assertNothingForged();
	}

	@Test
	void theReasonOfADecision() {
		this.folder.add("V1__a.sql", "CREATE TABLE t (); VACUUM t; CREATE TABLE t ()");
		Tidemark tidemark = this.folder.tidemark(this.database).build();
		see(catchThrowable(tidemark::migrate));

		tidemark.resolve(ResolveRequest.of(Identity.of("1"), 1, Resolution.APPLIED, NAME));

		assertNothingForged();
	}

	@Test
	void theRoleOfASessionInTheWay() throws Exception {
		String role = Identifiers.quote(NAME);
		this.database.execute(
				"CREATE SCHEMA other; CREATE TABLE other.t (); CREATE ROLE " + role + " SUPERUSER LOGIN PASSWORD 'x'");
		this.folder.add("V1__a.sql", "ALTER TABLE other.t ADD COLUMN x int");
		try (Connection holder = DriverManager.getConnection(this.database.jdbcUrl(), NAME, "x");
				Statement statement = holder.createStatement()) {
			statement.execute("SET application_name = " + StringLiteral.quote(NAME));
			holder.setAutoCommit(false);
			statement.execute("LOCK TABLE other.t /* " + NAME + " */");

			see(catchThrowable(this.folder.tidemark(this.database)
				.lockTimeout(Duration.ofSeconds(5))
				.lockRetry(new LockRetry(Duration.ZERO))
				.build()::migrate));
		}
		finally {
			this.database.execute("DROP ROLE " + role);
		}

		assertNothingForged();
	}

	@Test
	void whatCodeThrows() {
		see(catchThrowable(this.folder.tidemark(this.database).migration(new Code()).build()::migrate));

		assertNothingForged();
	}

	@Test
	void theNameOfASchema() {
		this.folder.add("V1__a.sql", "SELECT 1");

		this.folder.tidemark(this.database).schema(NAME).schemas(List.of(NAME)).build().migrate();

		assertNothingForged();
	}

	private static final class Code implements CodeMigration {

		@Override
		public Identity identity() {
			return Identity.of("1");
		}

		@Override
		public String description() {
			return NAME;
		}

		@Override
		public void migrate(JdbcContext jdbc) {
			throw new IllegalStateException(NAME, new IllegalArgumentException(NAME));
		}

	}

}
