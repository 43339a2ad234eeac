package dev.tidemark.resume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

import dev.tidemark.Tidemark;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresServer;

/**
 * The servers that backfills die on. What is filled is filled once for each kind, and
 * copied for each round.
 */
final class BackfillServers implements AutoCloseable {

	private final Path path;

	private final Map<String, Map<BackfillKind, ChaosDatabase>> originals = new HashMap<>();

	private @Nullable EmbeddedPostgres crashing;

	private ServerPair.@Nullable Server origin;

	private int pairs;

	/**
	 * Makes none yet.
	 * @param path a folder for files of migrations and data of servers
	 */
	BackfillServers(Path path) {
		this.path = path;
	}

	/** Tells whether the server that all tests share has processes of this machine. */
	static boolean areEmbedded() throws SQLException {
		try (Connection connection = DriverManager.getConnection(PostgresServer.shared().jdbcUrl("postgres"),
				PostgresServer.SUPERUSER, PostgresServer.PASSWORD);
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT current_setting('data_directory')")) {
			results.next();
			return Files.exists(Path.of(results.getString(1)));
		}
	}

	/** Returns the folder of a backfill, with the file that it waits for. */
	Path folder(BackfillKind kind) {
		return kind.writeBackfill(this.path.resolve("files"));
	}

	/** Creates a database on the server that all tests share. */
	ChaosDatabase shared(BackfillKind kind) {
		return copy(PostgresServer.shared().jdbcUrl(""), kind);
	}

	/** Creates a database on a server that may be stopped. */
	ChaosDatabase crashing(BackfillKind kind) throws IOException {
		EmbeddedPostgres server = this.crashing;
		if (server == null) {
			server = EmbeddedPostgres.builder()
				.setPGStartupWait(Duration.ofSeconds(60))
				.setServerConfig("fsync", "off")
				.setServerConfig("synchronous_commit", "on")
				.start();
			this.crashing = server;
		}
		return copy("jdbc:postgresql://localhost:" + server.getPort() + "/", kind);
	}

	private ChaosDatabase copy(String server, BackfillKind kind) {
		ChaosDatabase original = this.originals.computeIfAbsent(server, (url) -> new EnumMap<>(BackfillKind.class))
			.computeIfAbsent(kind, (missing) -> fill(new ChaosDatabase(server), missing));
		return new ChaosDatabase(server, original.name(), "");
	}

	/** The tables are there before the backfill comes: only then it waits. */
	private ChaosDatabase fill(ChaosDatabase database, BackfillKind kind) {
		Tidemark.builder(ConnectionSource.of(database.jdbcUrl(), PostgresServer.SUPERUSER, PostgresServer.PASSWORD))
			.locations(kind.writeTables(this.path.resolve("tables")).location())
			.build()
			.migrate();
		return database;
	}

	/** Starts a primary with a standby. */
	ServerPair pair() throws Exception {
		ServerPair.Server server = this.origin;
		if (server == null) {
			server = ServerPair.create(this.path.resolve("origin"), PostgresServer.shared());
			this.origin = server;
		}
		return ServerPair.start(server, this.path.resolve("pair" + this.pairs++));
	}

	/** Creates a database on a primary with a standby. */
	ChaosDatabase on(ServerPair pair, BackfillKind kind) {
		return fill(new ChaosDatabase(pair.jdbcUrl(), "template0", ServerPair.PARAMETERS), kind);
	}

	@Override
	public void close() throws IOException {
		this.originals.getOrDefault(PostgresServer.shared().jdbcUrl(""), Map.of())
			.values()
			.forEach(ChaosDatabase::close);
		if (this.crashing != null) {
			this.crashing.close();
		}
	}

}
