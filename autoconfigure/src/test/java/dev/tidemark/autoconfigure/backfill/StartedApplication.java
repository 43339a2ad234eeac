package dev.tidemark.autoconfigure.backfill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.TestDatabase;

/**
 * A whole application that starts in a thread of its own, as its start may wait.
 */
final class StartedApplication implements AutoCloseable {

	private static final int PATIENCE_SECONDS = 60;

	private final HttpClient http = HttpClient.newHttpClient();

	private final CompletableFuture<ConfigurableApplicationContext> context = new CompletableFuture<>();

	private final CompletableFuture<ConfigurableApplicationContext> start;

	private StartedApplication(WebApplicationType type, String[] arguments) {
		this.start = OwnThread
			.supply(() -> new SpringApplicationBuilder(Configuration.class).initializers(this.context::complete)
				.web(type)
				.registerShutdownHook(false)
				.run(arguments));
	}

	/** Starts one with a web server. */
	static StartedApplication web(TestDatabase database, String... properties) {
		return start(WebApplicationType.SERVLET, database, properties);
	}

	/** Starts one that nobody can ask. */
	static StartedApplication plain(TestDatabase database, String... properties) {
		return start(WebApplicationType.NONE, database, properties);
	}

	private static StartedApplication start(WebApplicationType type, TestDatabase database, String... properties) {
		List<String> all = new ArrayList<>(List.of(Runners.dataSource(database)));
		all.addAll(List.of("server.port=0", "management.endpoints.web.exposure.include=health,migrations,prometheus",
				"management.endpoint.migrations.access=unrestricted",
				"management.endpoint.health.show-details=always"));
		all.addAll(List.of(properties));
		return new StartedApplication(type, all.stream().map((property) -> "--" + property).toArray(String[]::new));
	}

	ConfigurableApplicationContext context() {
		return valueOf(this.context);
	}

	boolean isStarted() {
		return this.start.isDone();
	}

	Answer get(String path) {
		return send(path, (request) -> request.GET());
	}

	Answer post(String path, String json) {
		return send(path,
				(request) -> request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
	}

	/** Returns 0 while the web server is down. */
	private Answer send(String path, UnaryOperator<HttpRequest.Builder> request) {
		String port = context().getEnvironment().getProperty("local.server.port");
		if (port == null) {
			return new Answer(0, "");
		}
		URI uri = URI.create("http://localhost:" + port + "/actuator/" + path);
		try {
			HttpResponse<String> response = this.http.send(request.apply(HttpRequest.newBuilder(uri)).build(),
					HttpResponse.BodyHandlers.ofString());
			return new Answer(response.statusCode(), response.body());
		}
		catch (IOException ex) {
			return new Answer(0, "");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	int readiness() {
		return get("health/readiness").status();
	}

	void awaitStart() {
		valueOf(this.start);
	}

	/** Waits until the start has failed. */
	Throwable failure() {
		return valueOf(this.start.handle((started, failure) -> {
			if (failure == null) {
				throw new AssertionError("The start did not fail");
			}
			return failure;
		}));
	}

	private static <T> T valueOf(CompletableFuture<T> future) {
		try {
			return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new AssertionError(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.context.thenAccept(ConfigurableApplicationContext::close);
	}

	record Answer(int status, String body) {
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			excludeName = { "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
					"org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration",
					"org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration" })
	static class Configuration {

	}

}
