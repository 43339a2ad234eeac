package dev.tidemark.benchmark.contestant;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The least that a migration tool can do: reads and hashes the files, compares them with
 * the history, and sends each new file together with the row of the history as one
 * simple-query message, which is one round trip and one transaction. It has no lock, no
 * error message and no mercy on files that cannot run in a transaction.
 */
final class RawJdbcMain {

	private static final String FOLDER = "db/migration/";

	private static final String UNDEFINED_TABLE = "42P01";

	private RawJdbcMain() {
	}

	public static void main(String[] arguments) throws Exception {
		Probe probe = Probe.start();
		List<SqlFile> files = read();
		try (Connection connection = DriverManager.getConnection(
				System.getProperty("benchmark.url") + "&preferQueryMode=simple", System.getProperty("benchmark.user"),
				System.getProperty("benchmark.password")); Statement statement = connection.createStatement()) {
			// Nothing in the files is meant for the driver.
			statement.setEscapeProcessing(false);
			Map<String, String> history = history(statement);
			for (SqlFile file : files) {
				String applied = history.get(file.name());
				if (applied == null) {
					statement.execute(file.text() + "\n;INSERT INTO raw_history (script, checksum) VALUES ('"
							+ file.name().replace("'", "''") + "', '" + file.checksum() + "')");
				}
				else if (!applied.equals(file.checksum())) {
					throw new IllegalStateException(file.name() + " has changed");
				}
			}
		}
		probe.finish();
	}

	private static Map<String, String> history(Statement statement) throws SQLException {
		Map<String, String> history = new HashMap<>();
		try (ResultSet rows = statement.executeQuery("SELECT script, checksum FROM raw_history")) {
			while (rows.next()) {
				history.put(rows.getString(1), rows.getString(2));
			}
		}
		catch (SQLException ex) {
			if (!UNDEFINED_TABLE.equals(ex.getSQLState())) {
				throw ex;
			}
			statement.execute("CREATE TABLE raw_history (script text PRIMARY KEY, checksum text NOT NULL,"
					+ " installed_on timestamptz NOT NULL DEFAULT now())");
		}
		return history;
	}

	private static List<SqlFile> read() throws IOException, URISyntaxException, GeneralSecurityException {
		URL folder = RawJdbcMain.class.getClassLoader().getResource(FOLDER);
		if (folder == null) {
			throw new IllegalStateException(FOLDER + " is not on the class path");
		}
		MessageDigest digest = MessageDigest.getInstance("SHA-256");
		List<SqlFile> files = new ArrayList<>();
		if (folder.openConnection() instanceof JarURLConnection connection) {
			JarFile jar = connection.getJarFile();
			for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
				if (entry.getName().startsWith(FOLDER) && !entry.isDirectory()) {
					try (InputStream content = jar.getInputStream(entry)) {
						files.add(SqlFile.of(entry.getName(), content.readAllBytes(), digest));
					}
				}
			}
		}
		else {
			try (Stream<Path> paths = Files.walk(Path.of(folder.toURI()))) {
				for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
					files.add(SqlFile.of(path.getFileName().toString(), Files.readAllBytes(path), digest));
				}
			}
		}
		files.sort(Comparator.comparing(SqlFile::name, new VersionOrder()));
		return files;
	}

	/** A migration with the hash of its text. */
	private record SqlFile(String name, String text, String checksum) {

		static SqlFile of(String path, byte[] content, MessageDigest digest) {
			return new SqlFile(path.substring(path.lastIndexOf('/') + 1), new String(content, StandardCharsets.UTF_8),
					HexFormat.of().formatHex(digest.digest(content)));
		}

	}

}
