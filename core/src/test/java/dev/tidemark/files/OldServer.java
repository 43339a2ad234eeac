package dev.tidemark.files;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Lets everybody in and claims a version, as far as the driver's login needs it. A server
 * this old cannot be had for a test.
 */
final class OldServer implements AutoCloseable {

	private static final int SSL_REQUEST = 80877103;

	private static final int GSS_REQUEST = 80877104;

	private final ServerSocket socket;

	private final String version;

	OldServer(String version) throws IOException {
		this.socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		this.version = version;
		Thread thread = new Thread(this::serve, "old-server");
		thread.setDaemon(true);
		thread.start();
	}

	String jdbcUrl() {
		return "jdbc:postgresql://" + this.socket.getInetAddress().getHostAddress() + ":" + this.socket.getLocalPort()
				+ "/old";
	}

	private void serve() {
		try (Socket client = this.socket.accept()) {
			DataInputStream in = new DataInputStream(client.getInputStream());
			DataOutputStream out = new DataOutputStream(client.getOutputStream());
			for (int request = startup(in); request == SSL_REQUEST || request == GSS_REQUEST; request = startup(in)) {
				out.writeByte('N');
				out.flush();
			}
			message(out, 'R', new byte[4]);
			parameter(out, "server_version", this.version);
			parameter(out, "client_encoding", "UTF8");
			parameter(out, "standard_conforming_strings", "on");
			parameter(out, "DateStyle", "ISO, MDY");
			parameter(out, "integer_datetimes", "on");
			message(out, 'K', new byte[8]);
			message(out, 'Z', new byte[] { 'I' });
			out.flush();
			in.readAllBytes();
		}
		catch (IOException ex) {
			// The test is over.
		}
	}

	private static int startup(DataInputStream in) throws IOException {
		byte[] body = in.readNBytes(in.readInt() - 4);
		return new DataInputStream(new java.io.ByteArrayInputStream(body)).readInt();
	}

	private static void parameter(DataOutputStream out, String name, String value) throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		body.write(name.getBytes(StandardCharsets.UTF_8));
		body.write(0);
		body.write(value.getBytes(StandardCharsets.UTF_8));
		body.write(0);
		message(out, 'S', body.toByteArray());
	}

	private static void message(DataOutputStream out, char type, byte[] body) throws IOException {
		out.writeByte(type);
		out.writeInt(body.length + 4);
		out.write(body);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
