package dev.tidemark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.tidemark.testkit.TestDatabase;

/**
 * Stands between client and server and counts round trips: how often the client speaks
 * after the server has. It can also keep to itself what it hears, as a network does that
 * has forgotten a connection; then neither side learns of the other's end.
 */
final class Relay implements AutoCloseable {

	/** Nobody waits for an answer to it. */
	private static final int LENGTH_OF_TERMINATE = 5;

	private final Door door;

	private final AtomicInteger roundTrips = new AtomicInteger();

	private final List<Flow> flows = new CopyOnWriteArrayList<>();

	private volatile boolean shut;

	Relay(TestDatabase database) throws IOException {
		this.door = new Door(database, this::begin);
	}

	String jdbcUrl() {
		return this.door.jdbcUrl();
	}

	/** Returns the round trips since the last call. */
	int roundTrips() {
		return this.roundTrips.getAndSet(0);
	}

	/** Passes nothing on any more of the connections that there are. */
	void freeze() {
		this.flows.forEach((flow) -> flow.pass(false));
	}

	/** Passes nothing on any more, of new connections neither. */
	void shut() {
		this.shut = true;
		freeze();
	}

	/** Passes on everything, what was kept back first. */
	void open() {
		this.shut = false;
		this.flows.forEach((flow) -> flow.pass(true));
	}

	private void begin(Socket client, Socket upstream) {
		Flow flow = new Flow(client, upstream, !this.shut);
		this.flows.add(flow);
		AtomicBoolean serverSpoke = new AtomicBoolean(true);
		Door.daemon(() -> flow.pass(client, upstream, (first, length) -> {
			boolean goodbye = first == 'X' && length == LENGTH_OF_TERMINATE;
			if (!goodbye && serverSpoke.getAndSet(false)) {
				this.roundTrips.incrementAndGet();
			}
		}));
		Door.daemon(() -> flow.pass(upstream, client, (first, length) -> serverSpoke.set(true)));
	}

	@Override
	public void close() {
		try {
			this.door.close();
			for (Flow flow : this.flows) {
				flow.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Both directions of a connection. */
	private static final class Flow {

		private final Socket client;

		private final Socket server;

		private boolean passing;

		Flow(Socket client, Socket server, boolean passing) {
			this.client = client;
			this.server = server;
			this.passing = passing;
		}

		synchronized void pass(boolean value) {
			this.passing = value;
			notifyAll();
		}

		private synchronized void awaitPassing() throws IOException {
			try {
				while (!this.passing) {
					wait();
				}
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
		}

		/** That one of the two has hung up is news as well. */
		void pass(Socket from, Socket to, Ear ear) throws IOException {
			try {
				InputStream in = from.getInputStream();
				OutputStream out = to.getOutputStream();
				byte[] buffer = new byte[64 * 1024];
				for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
					awaitPassing();
					ear.hear(buffer[0], length);
					out.write(buffer, 0, length);
				}
			}
			finally {
				awaitPassing();
				close();
			}
		}

		void close() throws IOException {
			try (this.client; this.server) {
				pass(true);
			}
		}

	}

	private interface Ear {

		void hear(byte first, int length);

	}

}
