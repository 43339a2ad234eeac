package dev.tidemark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.tidemark.test.TestDatabase;

/**
 * Stands between client and server and counts round trips: how often the client speaks
 * after the server has.
 */
final class Relay implements AutoCloseable {

	/** Nobody waits for an answer to it. */
	private static final int LENGTH_OF_TERMINATE = 5;

	private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final URI server;

	private final AtomicInteger roundTrips = new AtomicInteger();

	Relay(TestDatabase database) throws IOException {
		this.server = URI.create(database.jdbcUrl().substring("jdbc:".length()));
		daemon(this::accept);
	}

	String jdbcUrl() {
		return "jdbc:postgresql://localhost:" + this.listening.getLocalPort() + this.server.getPath();
	}

	/** Returns the round trips since the last call. */
	int roundTrips() {
		return this.roundTrips.getAndSet(0);
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.listening.accept();
			client.setTcpNoDelay(true);
			Socket upstream = new Socket(this.server.getHost(), this.server.getPort());
			upstream.setTcpNoDelay(true);
			AtomicBoolean serverSpoke = new AtomicBoolean(true);
			daemon(() -> pass(client, upstream, (first, length) -> {
				boolean goodbye = first == 'X' && length == LENGTH_OF_TERMINATE;
				if (!goodbye && serverSpoke.getAndSet(false)) {
					this.roundTrips.incrementAndGet();
				}
			}));
			daemon(() -> pass(upstream, client, (first, length) -> serverSpoke.set(true)));
		}
	}

	private static void pass(Socket from, Socket to, Ear ear) throws IOException {
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			byte[] buffer = new byte[64 * 1024];
			for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
				ear.hear(buffer[0], length);
				out.write(buffer, 0, length);
			}
		}
	}

	private static void daemon(Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (IOException ex) {
				// One of the two has hung up, and so does the other.
			}
		}, "relay");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.listening.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private interface Ear {

		void hear(byte first, int length);

	}

	private interface Work {

		void run() throws IOException;

	}

}
