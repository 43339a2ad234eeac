package dev.tidemark.autoconfigure;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/** Has this metadata of configuration properties, and no other. */
final class MetadataClassLoader extends ClassLoader {

	private static final String NAME = "META-INF/spring-configuration-metadata.json";

	private final String metadata;

	MetadataClassLoader(String metadata) {
		super(MetadataClassLoader.class.getClassLoader());
		this.metadata = metadata;
	}

	@Override
	public Enumeration<URL> getResources(String name) throws IOException {
		return name.equals(NAME) ? Collections.enumeration(List.of(url())) : super.getResources(name);
	}

	@SuppressWarnings("deprecation")
	private URL url() throws MalformedURLException {
		return new URL("memory", null, 0, "metadata", new URLStreamHandler() {

			@Override
			protected URLConnection openConnection(URL url) {
				return new URLConnection(url) {

					@Override
					public void connect() {
						// It is there.
					}

					@Override
					public InputStream getInputStream() {
						return new ByteArrayInputStream(
								MetadataClassLoader.this.metadata.getBytes(StandardCharsets.UTF_8));
					}

				};
			}

		});
	}

}
