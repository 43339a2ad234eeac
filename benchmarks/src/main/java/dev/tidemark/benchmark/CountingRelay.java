package dev.tidemark.benchmark;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and the server and counts round trips: how often the client
 * speaks after the server has said that it is ready for the next query. Queries that are
 * sent one behind the other without waiting are one. The client must not ask for
 * encryption.
 */
final class CountingRelay implements Closeable {

	private static final int READY_FOR_QUERY = 'Z';

	/** How a client takes its leave, for which it gets no answer. */
	private static final int TERMINATE = 'X';

	private static final int TERMINATE_LENGTH = 5;

	private static final int BUFFER = 64 * 1024;

	private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final int serverPort;

	private final AtomicInteger connections = new AtomicInteger();

	private final AtomicInteger roundTrips = new AtomicInteger();

	CountingRelay(int serverPort) throws IOException {
		this.serverPort = serverPort;
		start("relay", this::accept);
	}

	int port() {
		return this.listener.getLocalPort();
	}

	int connections() {
		return this.connections.get();
	}

	/**
	 * Returns how many round trips there were, those that open a connection left out.
	 * @return the number
	 */
	int roundTrips() {
		return this.roundTrips.get();
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.listener.accept();
			Socket server = new Socket(InetAddress.getLoopbackAddress(), this.serverPort);
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
			this.connections.incrementAndGet();
			AtomicBoolean ready = new AtomicBoolean();
			start("relay-to-server", () -> count(client, server, ready));
			start("relay-to-client", () -> copy(server, client, ready));
		}
	}

	/** What opens a connection comes before the server is ready for the first time. */
	private void count(Socket client, Socket server, AtomicBoolean ready) throws IOException {
		try (client; server) {
			byte[] buffer = new byte[BUFFER];
			InputStream input = client.getInputStream();
			for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
				boolean leaving = buffer[0] == TERMINATE && length == TERMINATE_LENGTH;
				if (!leaving && ready.getAndSet(false)) {
					this.roundTrips.incrementAndGet();
				}
				server.getOutputStream().write(buffer, 0, length);
			}
		}
	}

	/** A message is its type, its length with the length's own four bytes, its body. */
	private static void copy(Socket server, Socket client, AtomicBoolean ready) throws IOException {
		try (server;
				client;
				DataInputStream input = new DataInputStream(new BufferedInputStream(server.getInputStream()));
				OutputStream output = new BufferedOutputStream(client.getOutputStream())) {
			byte[] buffer = new byte[8192];
			for (int type = input.read(); type >= 0; type = input.read()) {
				int length = input.readInt();
				output.write(type);
				output.write(new byte[] { (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8),
						(byte) length });
				copy(input, output, length - Integer.BYTES, buffer);
				if (type == READY_FOR_QUERY) {
					ready.set(true);
				}
				if (input.available() == 0) {
					output.flush();
				}
			}
		}
	}

	private static void copy(InputStream input, OutputStream output, int length, byte[] buffer) throws IOException {
		int left = length;
		while (left > 0) {
			int read = input.read(buffer, 0, Math.min(left, buffer.length));
			if (read < 0) {
				throw new EOFException();
			}
			output.write(buffer, 0, read);
			left -= read;
		}
	}

	private void start(String name, Pump pump) {
		Thread thread = new Thread(() -> {
			try {
				pump.run();
			}
			catch (IOException ex) {
				// One side has hung up; the other one sees it by itself.
			}
		}, name);
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
	}

	private interface Pump {

		void run() throws IOException;

	}

}
