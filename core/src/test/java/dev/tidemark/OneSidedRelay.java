package dev.tidemark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.tidemark.test.TestDatabase;

/**
 * Stands between client and server and can leave the client alone: its connections are
 * cut, while those to the server stay, as with a node that dies or a proxy that cuts idle
 * flows.
 */
final class OneSidedRelay implements AutoCloseable {

	private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final URI server;

	private final List<Socket> clients = new CopyOnWriteArrayList<>();

	private final List<Socket> upstreams = new CopyOnWriteArrayList<>();

	private volatile boolean mute;

	private volatile boolean cut;

	OneSidedRelay(TestDatabase database) throws IOException {
		this.server = URI.create(database.jdbcUrl().substring("jdbc:".length()));
		daemon(this::accept);
	}

	String jdbcUrl() {
		return "jdbc:postgresql://localhost:" + this.listening.getLocalPort() + this.server.getPath();
	}

	/** From now on the client hears nothing any more from the connections that it has. */
	void muteServer() {
		this.mute = true;
	}

	/** Cuts the client's side of all connections; new ones work. */
	void cutClients() throws IOException {
		for (Socket client : this.clients) {
			client.close();
		}
		this.clients.clear();
		this.mute = false;
	}

	/** Cuts the client's side of all connections, and takes no new ones. */
	void cutForGood() throws IOException {
		this.cut = true;
		this.listening.close();
		cutClients();
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.listening.accept();
			if (this.cut) {
				// Who waits in accept() may be given one more after the socket is closed.
				client.close();
				return;
			}
			client.setTcpNoDelay(true);
			Socket upstream = new Socket(this.server.getHost(), this.server.getPort());
			upstream.setTcpNoDelay(true);
			this.clients.add(client);
			this.upstreams.add(upstream);
			daemon(() -> passOn(client, upstream));
			daemon(() -> answer(upstream, client));
		}
	}

	/** The server does not hear of the client's end but by the client's own word. */
	private static void passOn(Socket client, Socket upstream) throws IOException {
		byte[] buffer = new byte[64 * 1024];
		for (int length = read(client, buffer); length >= 0; length = read(client, buffer)) {
			upstream.getOutputStream().write(buffer, 0, length);
		}
	}

	private static int read(Socket from, byte[] buffer) {
		try {
			return from.getInputStream().read(buffer);
		}
		catch (IOException ex) {
			return -1;
		}
	}

	private void answer(Socket upstream, Socket client) throws IOException {
		try (client; upstream) {
			byte[] buffer = new byte[64 * 1024];
			for (int length = read(upstream, buffer); length >= 0; length = read(upstream, buffer)) {
				if (!this.mute) {
					client.getOutputStream().write(buffer, 0, length);
				}
			}
		}
	}

	private static void daemon(Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (IOException ex) {
				// One of the two has hung up.
			}
		}, "one-sided-relay");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			cutForGood();
			for (Socket upstream : this.upstreams) {
				upstream.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private interface Work {

		void run() throws IOException;

	}

}
