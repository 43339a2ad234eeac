package dev.tidemark.sample.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import io.zonky.test.db.postgres.util.LinuxUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a server's data. When a process is killed, the server that it started
 * lives on and holds the folder; it cannot be found by its port, which was chosen anew.
 */
final class DataDirectory {

	private static final Logger logger = LoggerFactory.getLogger(DataDirectory.class);

	/** The library locks this file for as long as the process lives. */
	private static final String LOCK_FILE = "epg-lock";

	private final Path path;

	DataDirectory(Path path) {
		this.path = path;
	}

	/**
	 * Stops a server that a killed process left running here.
	 * @throws IllegalStateException if the process lives
	 */
	void takeOver() {
		try {
			refuseIfLocked();
			if (isServed()) {
				logger.info("Stopping the PostgreSQL server that a killed process left running on {}", this.path);
				stopServer();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void refuseIfLocked() throws IOException {
		Path file = this.path.resolve(LOCK_FILE);
		if (!Files.exists(file)) {
			return;
		}
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
				FileLock lock = channel.tryLock()) {
			if (lock == null) {
				throw new IllegalStateException("Another process runs on the data directory " + this.path);
			}
		}
	}

	/**
	 * Asks the server itself, for by now the process id in the file may be somebody
	 * else's.
	 */
	private boolean isServed() throws IOException {
		Path pidFile = this.path.resolve("postmaster.pid");
		if (!Files.exists(pidFile)) {
			return false;
		}
		List<String> lines = Files.readAllLines(pidFile);
		if (lines.size() < 4) {
			return false;
		}
		String url = "jdbc:postgresql://localhost:" + lines.get(3).strip()
				+ "/postgres?connectTimeout=5&socketTimeout=5";
		try (Connection connection = DriverManager.getConnection(url, "postgres", "");
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SHOW data_directory")) {
			results.next();
			return Files.isSameFile(this.path, Path.of(results.getString(1)));
		}
		catch (SQLException ex) {
			logger.debug("No server answers for {}", this.path, ex);
			return false;
		}
	}

	private void stopServer() throws IOException {
		List<String> command = new ArrayList<>();
		if (LinuxUtils.isUnshareAvailable()) {
			// PostgreSQL's programs refuse to run as root.
			command.addAll(List.of("unshare", "-U"));
		}
		command.addAll(List.of(pgCtl().toString(), "stop", "-D", this.path.toString(), "-m", "fast", "-w"));
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			String output = new String(process.getInputStream().readAllBytes());
			if (process.waitFor() != 0) {
				throw new IllegalStateException("The server on " + this.path + " did not stop: " + output);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Finds the program beside the server's own, whose path the server wrote down. */
	private Path pgCtl() throws IOException {
		String commandLine = Files.readString(this.path.resolve("postmaster.opts"));
		return Path.of(commandLine.substring(0, commandLine.indexOf(" \""))).resolveSibling("pg_ctl");
	}

}
