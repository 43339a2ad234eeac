package dev.tidemark.outcome;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Assumptions;

/**
 * A network of its own for a process, with one line to this machine that can be cut: then
 * neither side hears anything of the other any more, not even that it is gone.
 */
final class NetworkNamespace implements AutoCloseable {

	private static final String NOBODY = "02:00:00:00:00:01";

	private static final AtomicInteger NAMESPACES = new AtomicInteger();

	private final String name;

	private final String here;

	private final String there;

	/** A network of four addresses out of those that are reserved for tests. */
	private final String network;

	private final int first;

	private NetworkNamespace(int number) {
		this.name = "tidemark" + number;
		this.here = "tmh" + number;
		this.there = "tmt" + number;
		this.network = "198." + (18 + (number >> 14 & 1)) + "." + (number >> 6 & 255) + ".";
		this.first = (number & 63) * 4;
	}

	/** Makes one, or skips the test where the system does not let it. */
	static NetworkNamespace create() {
		Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "Only Linux has network namespaces");
		NetworkNamespace namespace = new NetworkNamespace(
				(int) (ProcessHandle.current().pid() * 7 + NAMESPACES.incrementAndGet()) & 0x7fff);
		try {
			namespace.setUp();
			return namespace;
		}
		catch (IllegalStateException ex) {
			namespace.close();
			return Assumptions.abort("No network namespace can be made here: " + ex.getMessage());
		}
	}

	private void setUp() {
		run("ip", "netns", "add", this.name);
		run("ip", "link", "add", this.here, "type", "veth", "peer", "name", this.there, "netns", this.name);
		run("ip", "addr", "add", address() + "/30", "dev", this.here);
		run("ip", "link", "set", this.here, "up");
		run("ip", "-n", this.name, "addr", "add", address(2) + "/30", "dev", this.there);
		run("ip", "-n", this.name, "link", "set", this.there, "up");
	}

	/** Returns the address of this machine on the line. */
	String address() {
		return address(1);
	}

	private String address(int number) {
		return this.network + (this.first + number);
	}

	/** Returns what comes before a command that is to run there. */
	List<String> command() {
		return List.of("ip", "netns", "exec", this.name);
	}

	/**
	 * Cuts the line: from now on both sides send to a card that is nobody's, and hear of
	 * no error.
	 */
	void cut() {
		run("ip", "neigh", "replace", address(2), "lladdr", NOBODY, "dev", this.here, "nud", "permanent");
		run("ip", "-n", this.name, "neigh", "replace", address(1), "lladdr", NOBODY, "dev", this.there, "nud",
				"permanent");
	}

	private static void run(String... command) {
		try {
			Path output = Files.createTempFile("tidemark", ".out");
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.start();
			int status = process.waitFor();
			String said = Files.readString(output, StandardCharsets.UTF_8);
			Files.delete(output);
			if (status != 0) {
				throw new IllegalStateException(String.join(" ", command) + ": " + said.strip());
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex.getMessage(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** The line goes with the namespace. */
	@Override
	public void close() {
		try {
			run("ip", "netns", "del", this.name);
		}
		catch (IllegalStateException ex) {
			// There is none.
		}
	}

}
