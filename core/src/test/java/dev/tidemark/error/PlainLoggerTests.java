package dev.tidemark.error;

import java.sql.SQLException;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;

import static org.assertj.core.api.Assertions.assertThat;

class PlainLoggerTests {

	private final ListAppender<ILoggingEvent> events = new ListAppender<>() {

		@Override
		protected void append(ILoggingEvent event) {
			event.getCallerData();
			super.append(event);
		}

	};

	private Logger logger = org.slf4j.helpers.NOPLogger.NOP_LOGGER;

	@BeforeEach
	void listen() {
		LoggerContext context = new LoggerContext();
		ch.qos.logback.classic.Logger log = context.getLogger("a.b");
		log.setLevel(Level.INFO);
		this.events.start();
		log.addAppender(this.events);
		this.logger = PlainLogger.of(log);
	}

	private String line() {
		return this.events.list.get(0).getFormattedMessage();
	}

	@Test
	void anArgumentStaysInTheLine() {
		this.logger.info("Resolved {} as {}: {}", 1, "x", "r\n2026-01-01 ERROR forged\u001b[2J\u202e");

		assertThat(line()).isEqualTo("Resolved 1 as x: r\\n2026-01-01 ERROR forged\\u001B[2J\\u202E");
	}

	@Test
	void theLinesOfAProblemAreKeptAndIndented() {
		Problem problem = Problem.error(ErrorCode.STATEMENT, null, "What.", "Next\nline.");

		this.logger.warn("In {}: {}", "a schema", problem);

		assertThat(line()).isEqualTo("In a schema: " + ErrorCode.STATEMENT.code()
				+ " What.\n    state: Nothing was changed.\n    next: Next\n      line.");
	}

	@Test
	void ofSeveralProblemsEachHasItsLines() {
		Problem problem = Problem.error(ErrorCode.STATEMENT, null, "What.", "Next.");

		this.logger.warn("Failed\n{}", List.of(problem, problem));

		assertThat(line().lines().filter((line) -> line.startsWith("  " + ErrorCode.STATEMENT.code()))).hasSize(1);
		assertThat(line().lines()).hasSize(7);
	}

	@Test
	void theLinesOfTheServerAreIndented() {
		this.logger.info("Said: {}", new ServerError("P0001", "a\nforged", "d", null, null, null, null, null));

		assertThat(line()).isEqualTo("Said: a\n    forged (SQLSTATE P0001)\n  Detail: d");
	}

	@Test
	void theMessageOfAnExceptionStaysInItsLine() {
		Exception thrown = new IllegalStateException("a\n2026-01-01 ERROR forged",
				new IllegalArgumentException("b\nforged\u202e"));

		this.logger.warn("A listener of type {} failed", "x", thrown);

		String trace = ThrowableProxyUtil.asString(this.events.list.get(0).getThrowableProxy());
		assertThat(trace).contains("IllegalStateException: a\\n2026-01-01 ERROR forged")
			.contains("IllegalArgumentException: b\\nforged\\u202E")
			.contains("theMessageOfAnExceptionStaysInItsLine");
	}

	@Test
	void anExceptionTellsNeitherSecretsNorRows() {
		SQLException driver = new PSQLException(
				new ServerErrorMessage("SERROR\0C23505\0Mduplicate key\0DKey (mail)=(bob@example.org) exists.\0"));

		this.logger.warn("A listener of type {} failed", "x",
				new IllegalStateException("password=s3cr3t", new IllegalArgumentException(
						"SQL [INSERT INTO t VALUES ('bob@example.org')]; " + driver.getMessage(), driver)));

		String trace = ThrowableProxyUtil.asString(this.events.list.get(0).getThrowableProxy());
		assertThat(trace).doesNotContain("bob@", "s3cr3t")
			.contains("java.lang.IllegalStateException: duplicate key",
					"java.lang.IllegalArgumentException: duplicate key",
					"org.postgresql.util.PSQLException: duplicate key");
	}

	@Test
	void anExceptionThatIsFitIsLoggedAsItIs() {
		this.logger.warn("A listener of type {} failed", "x", new IllegalStateException("a"));

		assertThat(this.events.list.get(0).getThrowableProxy().getClassName())
			.isEqualTo(IllegalStateException.class.getName());
	}

	@Test
	void whatIsNotLoggedIsNotRead() {
		this.logger.debug("{}", new Object() {

			@Override
			public String toString() {
				throw new AssertionError("read");
			}

		});

		assertThat(this.events.list).isEmpty();
	}

	@Test
	void theCallerIsTheOneThatLogs() {
		this.logger.info("a {}", "b");

		assertThat(this.events.list.get(0).getLoggerName()).isEqualTo("a.b");
		assertThat(this.events.list.get(0).getCallerData()[0].getClassName()).isEqualTo(getClass().getName());
	}

}
