package dev.tidemark.autoconfigure.background;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.TestDatabase;

/**
 * A web application that is started in a thread of its own, as its start may take long.
 */
final class BackgroundApplication implements AutoCloseable {

	private static final int PATIENCE_SECONDS = 60;

	private final HttpClient http = HttpClient.newHttpClient();

	private final CompletableFuture<ConfigurableApplicationContext> context = new CompletableFuture<>();

	private final CompletableFuture<ConfigurableApplicationContext> start;

	private BackgroundApplication(String[] arguments) {
		this.start = OwnThread
			.supply(() -> new SpringApplicationBuilder(Configuration.class).initializers(this.context::complete)
				.registerShutdownHook(false)
				.run(arguments));
		this.start.whenComplete((started, failure) -> {
			if (failure != null) {
				this.context.completeExceptionally(failure);
			}
		});
	}

	static BackgroundApplication start(TestDatabase database, Path migrations, String... properties) {
		List<String> all = new ArrayList<>(List.of(Runners.dataSource(database)));
		all.addAll(List.of("server.port=0", "tidemark.mode=background", "tidemark.locations=filesystem:" + migrations,
				"management.endpoints.web.exposure.include=health,migrations",
				"management.endpoint.health.show-components=always"));
		all.addAll(List.of(properties));
		return new BackgroundApplication(all.stream().map((property) -> "--" + property).toArray(String[]::new));
	}

	ConfigurableApplicationContext context() {
		return valueOf(this.context);
	}

	/**
	 * Returns the status and the body of an answer, or 0 while the web server is down.
	 */
	Answer get(String path) {
		String port = context().getEnvironment().getProperty("local.server.port");
		if (port == null) {
			return new Answer(0, "");
		}
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/" + path))
			.build();
		try {
			HttpResponse<String> response = this.http.send(request, HttpResponse.BodyHandlers.ofString());
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

	/** Waits until the whole start has come to its end. */
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
		context().close();
	}

	record Answer(int status, String body) {
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Configuration {

		/** Fails if it runs before the migrations. */
		@Bean
		ApplicationRunner reader(JdbcClient jdbc) {
			return (arguments) -> jdbc.sql("SELECT count(*) FROM a").query(Long.class).single();
		}

	}

}
