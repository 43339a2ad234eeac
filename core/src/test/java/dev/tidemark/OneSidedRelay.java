package dev.tidemark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.tidemark.testkit.TestDatabase;

/**
 * Stands between client and server and can leave the client alone: its connections are
 * cut, while those to the server stay, as with a node that dies or a proxy that cuts idle
 * flows.
 */
final class OneSidedRelay implements AutoCloseable {

	private final Door door;

	private final List<Socket> clients = new CopyOnWriteArrayList<>();

	private final List<Socket> upstreams = new CopyOnWriteArrayList<>();

	private volatile boolean mute;

	OneSidedRelay(TestDatabase database) throws IOException {
		this.door = new Door(database, this::begin);
	}

	String jdbcUrl() {
		return this.door.jdbcUrl();
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
		this.door.close();
		cutClients();
	}

	private void begin(Socket client, Socket upstream) {
		this.clients.add(client);
		this.upstreams.add(upstream);
		Door.daemon(() -> passOn(client, upstream));
		Door.daemon(() -> answer(upstream, client));
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

}
