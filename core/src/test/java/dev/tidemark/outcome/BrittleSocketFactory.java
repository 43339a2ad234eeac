package dev.tidemark.outcome;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.SocketFactory;

import org.jspecify.annotations.Nullable;

/**
 * Makes sockets whose reader has no stack any more when a thread says so: the driver
 * stops in the middle of an answer.
 */
public final class BrittleSocketFactory extends SocketFactory {

	private static final AtomicReference<@Nullable Thread> NEXT = new AtomicReference<>();

	/** The next answer that this thread reads breaks off. */
	static void breakNextAnswer() {
		NEXT.set(Thread.currentThread());
	}

	@Override
	public Socket createSocket() {
		return new BrittleSocket();
	}

	@Override
	public Socket createSocket(String host, int port) throws IOException {
		Socket socket = createSocket();
		socket.connect(new InetSocketAddress(host, port));
		return socket;
	}

	@Override
	public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
		return createSocket(host, port);
	}

	@Override
	public Socket createSocket(InetAddress host, int port) throws IOException {
		return createSocket(host.getHostAddress(), port);
	}

	@Override
	public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
			throws IOException {
		return createSocket(address, port);
	}

	private static final class BrittleSocket extends Socket {

		@Override
		public InputStream getInputStream() throws IOException {
			return new FilterInputStream(super.getInputStream()) {

				@Override
				public int read(byte[] bytes, int offset, int length) throws IOException {
					if (NEXT.compareAndSet(Thread.currentThread(), null)) {
						throw new StackOverflowError();
					}
					return super.read(bytes, offset, length);
				}

			};
		}

	}

}
