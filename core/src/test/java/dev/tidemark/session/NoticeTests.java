package dev.tidemark.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.core.BaseConnection;
import org.slf4j.LoggerFactory;

import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of the notices that the server sends while a script runs.
 */
@ExtendWith(PostgresExtension.class)
class NoticeTests {

	private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(SimpleProtocol.class);

	private final AtomicInteger masked = new AtomicInteger();

	private final TestDatabase database;

	NoticeTests(TestDatabase database) {
		this.database = database;
	}

	@AfterEach
	void logAsBefore() {
		LOGGER.setLevel(null);
	}

	private SimpleProtocol send(Connection connection, String sql) throws SQLException {
		SimpleProtocol protocol = new SimpleProtocol(connection.unwrap(BaseConnection.class), (text) -> {
			this.masked.incrementAndGet();
			return text;
		}, () -> "a test");
		protocol.send(List.of(sql), () -> {
		});
		return protocol;
	}

	@Test
	void aNoticeThatNobodyReadsIsNotMasked() throws SQLException {
		LOGGER.setLevel(Level.INFO);
		try (Connection connection = this.database.connect()) {
			send(connection, "DO $$ BEGIN FOR i IN 1..100 LOOP RAISE NOTICE 'n %', i; END LOOP; END $$");
		}
		assertThat(this.masked).hasValue(0);
	}

	@Test
	void aNoticeIsMaskedForTheLog() throws SQLException {
		LOGGER.setLevel(Level.DEBUG);
		try (Connection connection = this.database.connect()) {
			send(connection, "DO $$ BEGIN RAISE NOTICE 'n'; END $$");
		}
		assertThat(this.masked).hasPositiveValue();
	}

	@Test
	void aScriptDoesNotSayFarewellForTheServer() throws SQLException {
		try (Connection connection = this.database.connect()) {
			assertThat((Object) send(connection, "DO $$ BEGIN RAISE WARNING 'bye' USING ERRCODE = '57P01'; END $$")
				.farewell()).isNull();
		}
	}

}
