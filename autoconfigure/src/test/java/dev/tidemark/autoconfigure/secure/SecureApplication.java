package dev.tidemark.autoconfigure.secure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import dev.tidemark.testkit.TestDatabase;

/**
 * A whole Spring Boot application on a port of its own, with all endpoints exposed and
 * nothing else configured.
 */
final class SecureApplication implements AutoCloseable {

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	private SecureApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static SecureApplication start(TestDatabase database, Map<String, Object> more) {
		Map<String, Object> properties = new HashMap<>(Map.of("server.port", "0", "spring.main.banner-mode", "off",
				"spring.datasource.url", database.jdbcUrl(), "spring.datasource.username", database.user(),
				"spring.datasource.password", database.password(), "spring.datasource.hikari.minimum-idle", "0",
				"management.endpoints.web.exposure.include", "*"));
		properties.putAll(more);
		return new SecureApplication(new SpringApplicationBuilder(Configuration.class).properties(properties)
			.registerShutdownHook(false)
			.run());
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	HttpResponse<String> get(String path) {
		return send(request(path).GET());
	}

	HttpResponse<String> post(String path, String contentType, String body) {
		return send(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofString(body)));
	}

	HttpResponse<String> send(String method, String path, String body) {
		return send(request(path).header("Content-Type", "application/json")
			.header("X-HTTP-Method-Override", "POST")
			.method(method, BodyPublishers.ofString(body)));
	}

	private HttpRequest.Builder request(String path) {
		String port = this.context.getEnvironment().getProperty("local.server.port");
		return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.header("Origin", "http://evil.test");
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return this.client.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.context.close();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Configuration {

		/** What a tracer would be given. */
		static final Queue<String> OBSERVED = new ConcurrentLinkedQueue<>();

		@Bean
		ObservationHandler<Observation.Context> ear() {
			return new ObservationHandler<>() {

				@Override
				public void onStop(Observation.Context observation) {
					Throwable error = observation.getError();
					OBSERVED.add(observation.getName() + " " + observation.getContextualName() + " "
							+ observation.getAllKeyValues() + " " + error + " "
							+ ((error != null) ? error.getCause() : null));
				}

				@Override
				public boolean supportsContext(Observation.Context observation) {
					return true;
				}

			};
		}

	}

}
