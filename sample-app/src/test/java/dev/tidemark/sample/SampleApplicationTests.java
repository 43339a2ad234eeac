package dev.tidemark.sample;

import java.math.BigDecimal;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.BodyContentSpec;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRestTestClient
class SampleApplicationTests {

	private final RestTestClient client;

	@Autowired
	SampleApplicationTests(RestTestClient client) {
		this.client = client;
	}

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		TestDatabase database = PostgresServer.shared().createDatabase();
		registry.add("spring.datasource.url", database::jdbcUrl);
		registry.add("spring.datasource.username", database::user);
		registry.add("spring.datasource.password", database::password);
	}

	@Test
	void productsWereSeeded() {
		get("/products").jsonPath("$.length()").isEqualTo(6).jsonPath("$[0].sku").isEqualTo("CUP-0001");
	}

	@Test
	void customersWereSeeded() {
		get("/customers").jsonPath("$[?(@.email == 'sinead@example.com')].name").isEqualTo("Sinéad O'Brien");
	}

	@Test
	void totalsComeFromTheView() {
		get("/customers/totals").jsonPath("$[?(@.customerName == 'Ada Lovelace')].orders")
			.isEqualTo(2)
			.jsonPath("$[?(@.customerName == 'Ada Lovelace')].total")
			.isEqualTo(108.00)
			.jsonPath("$[?(@.customerName == \"Sinéad O'Brien\")].total")
			.isEqualTo(0);
	}

	@Test
	void oldestOrderIsShippedFirst() {
		get("/orders/to-ship").jsonPath("$[0].placedAt").isEqualTo("2026-04-18T16:40:00Z");
	}

	@Test
	void addsCustomer() {
		post("/customers", """
				{"email": "alan@example.com", "name": "Alan Turing"}""").expectStatus()
			.isCreated()
			.expectBody()
			.jsonPath("$.id")
			.isNumber()
			.jsonPath("$.createdAt")
			.isNotEmpty();
	}

	@Test
	void tellsWhichConstraintWasBroken() {
		post("/customers", """
				{"email": "ADA@example.com", "name": "Another Ada"}""").expectStatus()
			.isEqualTo(409)
			.expectBody()
			.jsonPath("$.constraint")
			.isEqualTo("customers_email_key");
	}

	@Test
	void onlyOneAddressIsTheDefault() {
		String address = """
				{"street": "1 High Street", "postcode": "D02", "city": "Dublin", "country": "IE", "preferred": true}""";
		post("/customers/3/addresses", address).expectStatus().isCreated();
		post("/customers/3/addresses", address).expectStatus()
			.isEqualTo(409)
			.expectBody()
			.jsonPath("$.constraint")
			.isEqualTo("customer_addresses_one_default");
	}

	@Test
	void shipsAndTakesBackAnOrder() {
		PlacedOrder order = post("/orders", """
				{"customerId": 2, "lines": [{"sku": "CUP-0001", "quantity": 2}, {"sku": "TEA-0003", "quantity": 1}]}""")
			.expectStatus()
			.isCreated()
			.expectBody(PlacedOrder.class)
			.returnResult()
			.getResponseBody();
		assertThat(order).isNotNull().extracting(PlacedOrder::total).isEqualTo(new BigDecimal("26.20"));
		String uri = "/orders/" + order.id();
		post(uri + "/return", "").expectStatus().isEqualTo(409);
		post(uri + "/ship", "").expectStatus().isOk();
		post(uri + "/return", "").expectStatus().isOk();
		get(uri).jsonPath("$.status").isEqualTo("RETURNED").jsonPath("$.shippedAt").isNotEmpty();
		get(uri + "/changes").jsonPath("$[*].newStatus")
			.value((statuses) -> assertThat(statuses.toString()).isEqualTo("[\"NEW\",\"SHIPPED\",\"RETURNED\"]"));
	}

	@Test
	void refusesAnOrderOfNobody() {
		post("/orders", """
				{"customerId": 999, "lines": [{"sku": "CUP-0001", "quantity": 1}]}""").expectStatus()
			.isEqualTo(409)
			.expectBody()
			.jsonPath("$.constraint")
			.isEqualTo("orders_customer_fkey");
	}

	@Test
	void operatorsSeeWhatWasApplied() {
		String database = "$.contexts.orders.tidemarks.tidemark";
		get("/actuator/migrations").jsonPath(database + ".state")
			.isEqualTo("up-to-date")
			.jsonPath(database + ".currentVersion")
			.isEqualTo("13")
			.jsonPath(database + ".applied.length()")
			.isEqualTo(16)
			.jsonPath(database + ".applied[?(@.state != 'applied')]")
			.isEmpty()
			.jsonPath(database + ".pending")
			.isEmpty();
	}

	@Test
	void operatorsSeeOneMigration() {
		get("/actuator/migrations/10").jsonPath("$.contexts.orders.tidemarks.tidemark.statements[*].command")
			.isEqualTo("CREATE INDEX CONCURRENTLY");
	}

	@Test
	void healthTellsTheVersion() {
		get("/actuator/health").jsonPath("$.components.migrations.details.version").isEqualTo("13");
	}

	@Test
	void theFirstPageLeadsToWhatIsThere() {
		String page = this.client.get()
			.uri("/")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.TEXT_HTML)
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
		assertThat(page).isNotNull();
		List<String> links = FirstPageText.of(page).links();
		assertThat(links).contains("/actuator/migrations", "/actuator/health", "/customers").allSatisfy(this::get);
	}

	@Test
	void theLogNamesTheAddressOfTheFirstPage(CapturedOutput output, @LocalServerPort int port) {
		assertThat(output).containsOnlyOnce("Open http://localhost:" + port + "/");
	}

	private BodyContentSpec get(String uri) {
		return this.client.get().uri(uri).exchange().expectStatus().isOk().expectBody();
	}

	private ResponseSpec post(String uri, String json) {
		return this.client.post().uri(uri).contentType(MediaType.APPLICATION_JSON).body(json).exchange();
	}

	record PlacedOrder(long id, BigDecimal total) {

	}

}
