package dev.tidemark.session.connect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Properties;

import javax.net.SocketFactory;

import jdk.net.ExtendedSocketOptions;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;

/**
 * Makes the sockets of connections of our own: the kernel asks the server for a sign of
 * life after 10 s of silence, and gives a dead one up after 25 s, where its own times are
 * more than two hours. It is public only because the driver makes it by its name.
 *
 * @since 0.1.0
 */
public final class KeepAliveSocketFactory extends SocketFactory {

	private static final int IDLE_SECONDS = 10;

	private static final int INTERVAL_SECONDS = 5;

	private static final int PROBES = 3;

	private static final Logger logger = PlainLogger.of(KeepAliveSocketFactory.class);

	private final SocketFactory sockets = SocketFactory.getDefault();

	/** Makes a factory. */
	public KeepAliveSocketFactory() {
	}

	/**
	 * Lets the driver use this factory, unless the user names another one later. A driver
	 * that an application server has loaded may not know the class.
	 */
	static void configure(Properties properties) {
		try {
			String name = KeepAliveSocketFactory.class.getName();
			if (Class.forName(name, false, Driver.class.getClassLoader()) == KeepAliveSocketFactory.class) {
				PGProperty.SOCKET_FACTORY.set(properties, name);
			}
		}
		catch (ClassNotFoundException ex) {
			logger.debug("The driver cannot see {}, so the times of the system hold for its sockets", ex.getMessage());
		}
	}

	@Override
	public Socket createSocket() throws IOException {
		return withTimes(this.sockets.createSocket());
	}

	@Override
	public Socket createSocket(String host, int port) throws IOException {
		return withTimes(this.sockets.createSocket(host, port));
	}

	@Override
	public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
		return withTimes(this.sockets.createSocket(host, port, localHost, localPort));
	}

	@Override
	public Socket createSocket(InetAddress host, int port) throws IOException {
		return withTimes(this.sockets.createSocket(host, port));
	}

	@Override
	public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
		return withTimes(this.sockets.createSocket(host, port, localHost, localPort));
	}

	/** Whether they are in force is the business of the driver's {@code tcpKeepAlive}. */
	private static Socket withTimes(Socket socket) {
		try {
			Times.set(socket);
		}
		catch (IOException | UnsupportedOperationException | LinkageError ex) {
			// Not every system can, and a small runtime may lack the module jdk.net.
			logger.debug("The times of keep-alive cannot be set: {}", ex.toString());
		}
		return socket;
	}

	/** Apart, since only its loading needs the module jdk.net. */
	private static final class Times {

		private Times() {
		}

		static void set(Socket socket) throws IOException {
			socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
			socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, INTERVAL_SECONDS);
			socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
		}

	}

}
