package dev.tidemark.autoconfigure.actuate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpStatus;

import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/** Two versions and a repeatable, and what a newer build has added. */
@ExtendWith(PostgresExtension.class)
class MigrationsPageTests {

	private static final String TIDEMARK = "$.contexts.shop.tidemarks.tidemark";

	@Test
	void theFirstPageHasWhatRanLast(TestDatabase database) {
		MigrationsEndpointTests.web(database).run((context) -> {
			var json = assertThat(MigrationsEndpointTests.get(context, "/actuator/migrations?size=2")).hasStatusOk()
				.bodyJson();
			json.extractingPath(TIDEMARK + ".applied[*].rank").asArray().containsExactly(3, 2);
			json.extractingPath(TIDEMARK + ".applied[*].installedBy").asArray().hasSize(2);
			json.extractingPath(TIDEMARK + ".page.number").isEqualTo(0);
			json.extractingPath(TIDEMARK + ".page.size").isEqualTo(2);
			json.extractingPath(TIDEMARK + ".page.totalPages").isEqualTo(2);
			json.extractingPath(TIDEMARK + ".page.applied").isEqualTo(3);
		});
	}

	@Test
	void theLastPageHasTheRest(TestDatabase database) {
		MigrationsEndpointTests.web(database)
			.run((context) -> assertThat(MigrationsEndpointTests.get(context, "/actuator/migrations?size=2&page=1"))
				.hasStatusOk()
				.bodyJson()
				.extractingPath(TIDEMARK + ".applied[*].rank")
				.asArray()
				.containsExactly(1));
	}

	@Test
	void aTenantHasPagesToo(TestDatabase database) {
		MigrationsEndpointTests.web(database)
			.withPropertyValues("tidemark.tenants.schemas=acme")
			.run((context) -> assertThat(
					MigrationsEndpointTests.get(context, "/actuator/migrations?tenant=acme&size=1&page=1"))
				.hasStatusOk()
				.bodyJson()
				.extractingPath("$.contexts.shop.tidemarks['tidemarkTenants/acme'].applied[*].rank")
				.asArray()
				.containsExactly(2));
	}

	@Test
	void ofALongHistoryAHundredAreShownAndAllAreCounted(TestDatabase database) {
		Runners.with(database).run((context) -> assertThat(context).hasNotFailed());
		database.execute("""
				INSERT INTO tidemark_history (rank, kind, phase, version, description, script, state, checksum,
				  statements_total, statements_done, started_at, finished_at, installed_by, instance, tool_version,
				  deployment_id)
				SELECT 10 + n, kind, phase, 10 + n, description, script, state, checksum, statements_total,
				  statements_done, started_at, finished_at, installed_by, instance, tool_version, deployment_id
				FROM tidemark_history, generate_series(1, 250) AS n WHERE rank = 1""");
		MigrationsEndpointTests.web(database).withPropertyValues("tidemark.mode=off").run((context) -> {
			var json = assertThat(MigrationsEndpointTests.get(context, "/actuator/migrations")).hasStatusOk()
				.bodyJson();
			json.extractingPath(TIDEMARK + ".currentVersion").isEqualTo("260");
			json.extractingPath(TIDEMARK + ".deviating").asArray().hasSize(100);
			json.extractingPath(TIDEMARK + ".deviating[0].version").isEqualTo("260");
			json.extractingPath(TIDEMARK + ".page.deviating").isEqualTo(250);
			json.extractingPath(TIDEMARK + ".page.totalPages").isEqualTo(3);
			json.extractingPath(TIDEMARK + ".applied").asArray().hasSize(3);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "page=-1", "size=-1", "size=1001" })
	void whatIsNoPageIsABadRequest(String parameter, TestDatabase database) {
		MigrationsEndpointTests.web(database)
			.run((context) -> assertThat(MigrationsEndpointTests.get(context, "/actuator/migrations?" + parameter))
				.hasStatus(HttpStatus.BAD_REQUEST)
				.bodyJson()
				.extractingPath("$.problems[*].code")
				.asArray()
				.containsExactly("TM-CFG-001"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "page=last", "size=all", "page=99999999999" })
	void whatCannotBeUnderstoodAsANumberIsNamed(String parameter, TestDatabase database) {
		MigrationsEndpointTests.web(database).run((context) -> {
			var json = assertThat(MigrationsEndpointTests.get(context, "/actuator/migrations?" + parameter))
				.hasStatus(HttpStatus.BAD_REQUEST)
				.bodyJson();
			json.extractingPath("$.problems[*].code").asArray().containsExactly("TM-REP-002");
			json.extractingPath("$.problems[0].what")
				.asString()
				.contains("'" + parameter.substring(0, parameter.indexOf('=')) + "'");
		});
	}

	@Test
	void behindTheLastPageNothingIsListedButAllIsCounted(TestDatabase database) {
		MigrationsEndpointTests.web(database).run((context) -> {
			var json = assertThat(MigrationsEndpointTests.get(context, "/actuator/migrations?page=2147483647"))
				.hasStatusOk()
				.bodyJson();
			json.extractingPath(TIDEMARK + ".applied").asArray().isEmpty();
			json.extractingPath(TIDEMARK + ".page.applied").isEqualTo(3);
		});
	}

}
