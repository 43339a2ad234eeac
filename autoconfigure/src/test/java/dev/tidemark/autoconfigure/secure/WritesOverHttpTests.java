package dev.tidemark.autoconfigure.secure;

import java.lang.reflect.Method;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.tidemark.autoconfigure.actuate.MigrationsEndpoint;
import dev.tidemark.autoconfigure.actuate.MigrationsEndpointWebExtension;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What somebody who reaches the port can change.
 */
@ExtendWith(PostgresExtension.class)
class WritesOverHttpTests {

	private static final String JSON = "application/json";

	private static final String RESOLVE = "/actuator/migrations/2";

	private static final String RESOLUTION = "{\"rank\": 2, \"as\": \"applied\", \"reason\": \"r\"}";

	private static final String UNDO = "/actuator/migrations";

	private static final String UNDONE = "{\"to\": \"0\", \"reason\": \"r\", \"allowDataLoss\": \"r\"}";

	private static final String PAUSED = "{\"action\": \"pause\", \"reason\": \"r\"}";

	private static final String ALL_PAUSED = "{\"action\": \"pause-backfills\", \"reason\": \"r\"}";

	private static final Map<String, Object> OFF = Map.of("tidemark.mode", "off");

	private static final Map<String, Object> UNRESTRICTED = Map.of("tidemark.mode", "off",
			"management.endpoint.migrations.access", "unrestricted");

	private final TestDatabase database;

	private List<String> before = List.of();

	WritesOverHttpTests(TestDatabase database) {
		this.database = database;
	}

	/** The row of version 2 is the one of an instance that died. */
	@BeforeEach
	void leaveInDoubt() {
		Runners.with(this.database).run((context) -> assertThat(context).hasNotFailed());
		this.database.execute("UPDATE tidemark_history SET state = 'interrupted' WHERE rank = 2");
		this.before = contents();
	}

	private List<String> contents() {
		return this.database.rows("SELECT h::text FROM tidemark_history h UNION ALL SELECT c::text FROM customer c");
	}

	@Test
	void allWritesThatThereAreAreTriedHere() {
		assertThat(Arrays.stream(MigrationsEndpoint.class.getMethods()).filter(WritesOverHttpTests::writes))
			.extracting(Method::getName)
			.containsExactlyInAnyOrder("change", "changeAll");
		assertThat(Arrays.stream(MigrationsEndpointWebExtension.class.getMethods()).filter(WritesOverHttpTests::writes))
			.extracting(Method::getName)
			.containsExactlyInAnyOrder("change", "changeAll");
	}

	private static boolean writes(Method method) {
		return method.isAnnotationPresent(WriteOperation.class) || method.isAnnotationPresent(DeleteOperation.class);
	}

	@Test
	void exposedAndNotConfiguredTheEndpointReadsAndDoesNotWrite() {
		try (SecureApplication application = SecureApplication.start(this.database, OFF)) {
			assertThat(application.get("/actuator/migrations").statusCode()).isEqualTo(200);
			assertThat(application.get(RESOLVE).statusCode()).isEqualTo(200);
			for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
				assertThat(application.send(method, RESOLVE, RESOLUTION).statusCode()).as(method).isEqualTo(405);
				assertThat(application.send(method, UNDO, UNDONE).statusCode()).as(method).isEqualTo(405);
				assertThat(application.send(method, RESOLVE, PAUSED).statusCode()).as(method).isEqualTo(405);
				assertThat(application.send(method, UNDO, ALL_PAUSED).statusCode()).as(method).isEqualTo(405);
			}
			assertThat(application.send("GET", UNDO + "?to=0&reason=r", UNDONE).statusCode()).isEqualTo(200);
			assertThat(contents()).isEqualTo(this.before);
		}
	}

	@Test
	void notExposedThereIsNothing() {
		try (SecureApplication application = SecureApplication.start(this.database,
				Map.of("tidemark.mode", "off", "management.endpoints.web.exposure.include", "health",
						"management.endpoint.migrations.access", "unrestricted"))) {
			assertThat(application.get("/actuator/migrations").statusCode()).isEqualTo(404);
			assertThat(application.post(RESOLVE, JSON, RESOLUTION).statusCode()).isEqualTo(404);
			assertThat(application.post(UNDO, JSON, UNDONE).statusCode()).isEqualTo(404);
			assertThat(contents()).isEqualTo(this.before);
		}
	}

	@Test
	void whatTheApplicationPermitsAtMostLimitsTheEndpoint() {
		try (SecureApplication application = SecureApplication.start(this.database,
				Map.of("tidemark.mode", "off", "management.endpoint.migrations.access", "unrestricted",
						"management.endpoints.access.max-permitted", "read-only"))) {
			assertThat(application.post(RESOLVE, JSON, RESOLUTION).statusCode()).isEqualTo(405);
			assertThat(application.post(UNDO, JSON, UNDONE).statusCode()).isEqualTo(405);
			assertThat(contents()).isEqualTo(this.before);
		}
	}

	/** A page of another site can send these without asking first. */
	@Test
	void aFormOfAnotherSiteIsNotTakenEvenWhereWritesAreOn() {
		try (SecureApplication application = SecureApplication.start(this.database, UNRESTRICTED)) {
			for (String type : List.of("application/x-www-form-urlencoded", "text/plain",
					"multipart/form-data; boundary=x")) {
				assertThat(application.post(RESOLVE, type, RESOLUTION).statusCode()).as(type).isEqualTo(415);
				assertThat(application.post(UNDO, type, UNDONE).statusCode()).as(type).isEqualTo(415);
				assertThat(application.post(RESOLVE, type, PAUSED).statusCode()).as(type).isEqualTo(415);
				assertThat(application.post(UNDO, type, ALL_PAUSED).statusCode()).as(type).isEqualTo(415);
			}
			HttpResponse<String> preflight = application.send("OPTIONS", UNDO, "");
			assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
			assertThat(contents()).isEqualTo(this.before);
		}
	}

	@Test
	void aDecisionIsTakenWhereWritesAreOn() {
		try (SecureApplication application = SecureApplication.start(this.database, UNRESTRICTED)) {
			assertThat(application.post(RESOLVE, JSON, RESOLUTION.replace("\"r\"", "\"a\\u0000\"")).statusCode())
				.isEqualTo(400);
			assertThat(contents()).isEqualTo(this.before);
			assertThat(application.post(RESOLVE, JSON, RESOLUTION).statusCode()).isEqualTo(200);
			assertThat(contents()).isNotEqualTo(this.before);
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void aReasonIsNoLineOfTheLog(CapturedOutput output) {
		String reason = "\"a\\r\\n2026-01-01 ERROR forged\\u001b[2J\\u202e\\u2028b\"";
		try (SecureApplication application = SecureApplication.start(this.database, UNRESTRICTED)) {
			assertThat(application.post(RESOLVE, JSON, RESOLUTION.replace("\"r\"", reason)).statusCode())
				.isEqualTo(200);
			assertThat(application.get(RESOLVE).body()).contains("ERROR forged").doesNotContain("\u202e", "\u001b");
		}
		assertThat(output.getAll()).contains("a\\r\\n2026-01-01 ERROR forged\\u001B[2J\\u202E\\u2028b")
			.doesNotContain("\n2026-01-01 ERROR forged", "\u202e");
	}

}
