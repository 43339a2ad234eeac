package dev.tidemark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

import dev.tidemark.testkit.TestDatabase;

/**
 * Where clients come in that are to reach a server by way of a relay.
 */
final class Door implements AutoCloseable {

	private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final URI server;

	private final Relaying relaying;

	private volatile boolean closed;

	/**
	 * Opens.
	 * @param database where the clients want to go
	 * @param relaying begins to relay what each of them and the server say
	 */
	Door(TestDatabase database, Relaying relaying) throws IOException {
		this.server = URI.create(database.jdbcUrl().substring("jdbc:".length()));
		this.relaying = relaying;
		daemon(this::accept);
	}

	String jdbcUrl() {
		return "jdbc:postgresql://localhost:" + this.listening.getLocalPort() + this.server.getPath();
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.listening.accept();
			if (this.closed) {
				// Who waits in accept() may be given one more after the socket is closed.
				client.close();
				return;
			}
			client.setTcpNoDelay(true);
			Socket upstream = new Socket(this.server.getHost(), this.server.getPort());
			upstream.setTcpNoDelay(true);
			this.relaying.begin(client, upstream);
		}
	}

	/** Lets nobody in any more. */
	@Override
	public void close() throws IOException {
		this.closed = true;
		this.listening.close();
	}

	/** Runs work of a relay, until one of the two hangs up. */
	static void daemon(Work work) {
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

	/** What begins with each client. */
	interface Relaying {

		void begin(Socket client, Socket upstream) throws IOException;

	}

	/** What goes on with it. */
	interface Work {

		void run() throws IOException;

	}

}
