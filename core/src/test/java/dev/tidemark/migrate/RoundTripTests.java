package dev.tidemark.migrate;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

import dev.tidemark.Tidemark;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.fixture.Relay;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How often a run waits for the server.
 */
@ExtendWith(PostgresExtension.class)
class RoundTripTests {

	private final TestDatabase database;

	private final Relay relay;

	private MigrationFolder folder;

	RoundTripTests(TestDatabase database) throws IOException {
		this.database = database;
		this.relay = new Relay(database);
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
		this.folder.tidemark(this.database).build().migrate();
	}

	@AfterEach
	void close() {
		this.relay.close();
	}

	private int migrate() {
		return migrate(ConnectionSource.of(this.relay.jdbcUrl(), this.database.user(), this.database.password()));
	}

	private int migrate(ConnectionSource connections) {
		this.relay.roundTrips();
		Tidemark.builder(connections).locations(this.folder.location()).build().migrate();
		return this.relay.roundTrips();
	}

	private int query() throws SQLException {
		this.relay.roundTrips();
		try (Connection connection = DriverManager.getConnection(this.relay.jdbcUrl(), this.database.user(),
				this.database.password()); Statement statement = connection.createStatement()) {
			statement.execute("SELECT 1");
		}
		return this.relay.roundTrips();
	}

	@Test
	void nothingPendingCostsWhatOneQueryCosts() throws SQLException {
		assertThat(migrate()).isLessThanOrEqualTo(query());
	}

	@Test
	void aPendingFileCostsOneRoundTripWhateverItHolds() {
		this.folder.add("V2__b.sql", "SELECT 1");
		int one = migrate();
		this.folder.add("V3__c.sql", "SELECT 1").add("V4__d.sql", "SELECT 1; SELECT 2; INSERT INTO a VALUES (1)");

		assertThat(migrate()).isEqualTo(one + 1);
	}

	@Test
	void aPendingFileCostsOneRoundTripOnABorrowedConnectionToo() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.relay.jdbcUrl());
		dataSource.setUser(this.database.user());
		dataSource.setPassword(this.database.password());
		this.folder.add("V2__b.sql", "SELECT 1");
		int one = migrate(ConnectionSource.of(dataSource));
		this.folder.add("V3__c.sql", "SELECT 1").add("V4__d.sql", "SELECT 1; SELECT 2; INSERT INTO a VALUES (1)");

		assertThat(migrate(ConnectionSource.of(dataSource))).isEqualTo(one + 1);
	}

	@Test
	void aLongFileIsSentInAFewPieces() {
		this.folder.add("V2__b.sql", "SELECT 1");
		int one = migrate();
		this.folder.add("V3__c.sql",
				IntStream.range(0, 1000)
					.mapToObj((number) -> "INSERT INTO a VALUES (" + number + ");\n")
					.collect(Collectors.joining()));

		assertThat(migrate()).isBetween(one + 9, one + 30);
		assertThat(this.database.rows("SELECT count(*), sum(x) FROM a")).containsExactly("1000|499500");
	}

}
