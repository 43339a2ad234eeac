package dev.tidemark.autoconfigure.metrics;

import java.time.Duration;
import java.util.List;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Phase;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.tenant.TenantOutcome;
import dev.tidemark.tenant.TenantsResult;

import static org.assertj.core.api.Assertions.assertThat;

/** What Prometheus is given before a run or a check has ended for the first time. */
class MeterRunListenerTests {

	private static final RunScope SCOPE = new RunScope("shop", false);

	private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	private final MeterRunListener listener = new MeterRunListener(this.registry);

	private void planned() {
		this.listener.planned(SCOPE, new DatabaseIdentity("db", "me", "public"),
				List.of(new MigrationInfo(Identity.of("1"), Phase.EXPAND, "a", "V1__a.sql", null,
						MigrationState.PENDING, null, false, null, null)));
	}

	@Test
	void fromTheStartItIsSaidThatNoRunHasSucceeded() {
		this.listener.runStarted(SCOPE);

		assertThat(this.registry.scrape())
			.contains("tidemark_last_success_seconds{database=\"unknown\",schema=\"unknown\",tidemark=\"shop\"} 0.0");
	}

	@Test
	void whatIsNotKnownIsNotCounted() {
		this.listener.runStarted(SCOPE);

		assertThat(this.registry.scrape()).doesNotContain("tidemark_migrations");
	}

	@Test
	void theDatabaseTakesThePlaceOfTheUnknownOne() {
		this.listener.runStarted(SCOPE);
		planned();

		assertThat(this.registry.scrape()).doesNotContain("=\"unknown\",schema", "schema=\"unknown\"")
			.contains("tidemark_last_success_seconds{database=\"db\",schema=\"public\",tidemark=\"shop\"} 0.0",
					"tidemark_migrations{database=\"db\",schema=\"public\",state=\"pending\",tidemark=\"shop\"} 1.0");
	}

	@Test
	void aLaterRunKnowsTheDatabaseFromTheStart() {
		this.listener.runStarted(SCOPE);
		planned();
		this.listener.runStarted(SCOPE);

		assertThat(this.registry.scrape()).doesNotContain("=\"unknown\",schema", "schema=\"unknown\"");
	}

	@Test
	void aTenantHasNoGauges() {
		this.listener.runStarted(new RunScope("shop", true));
		this.listener.planned(new RunScope("shop", true), new DatabaseIdentity("db", "me", "acme"), List.of());

		assertThat(this.registry.scrape()).doesNotContain("tidemark_migrations", "tidemark_last_success");
	}

	@Test
	void howLongAMigrationDidNotQueueIsMeasured() {
		this.listener.runStarted(SCOPE);
		assertThat(this.registry.scrape()).contains("tidemark_lock_looking_seconds_count{tidemark=\"shop\"} 0");
		this.listener.lockQueued(Identity.of("1"), Duration.ofSeconds(3));

		assertThat(this.registry.scrape()).contains("tidemark_lock_looking_seconds_count{tidemark=\"shop\"} 1",
				"tidemark_lock_looking_seconds_sum{tidemark=\"shop\"} 3.0");
	}

	@Test
	void ofManyTenantsToo() {
		this.listener.tenantsStarted("shop");

		assertThat(this.registry.scrape()).contains("tidemark_tenants_last_success_seconds{tidemark=\"shop\"} 0.0")
			.doesNotContain("tidemark_tenants{");
	}

	@Test
	void tenantsAreCountedAsSoonAsTheyAreKnown() {
		TenantOutcome failed = new TenantOutcome("acme", TenantOutcome.State.NOT_BEGUN, 0, null, Duration.ZERO, null);
		this.listener.tenantsStarted("shop");
		this.listener.tenantsFinished(new TenantsResult("shop", List.of(failed), Duration.ZERO));

		assertThat(this.registry.scrape()).contains("tidemark_tenants{state=\"not-begun\",tidemark=\"shop\"} 1.0",
				"tidemark_tenants{state=\"failed\",tidemark=\"shop\"} 0.0",
				"tidemark_tenants_last_success_seconds{tidemark=\"shop\"} 0.0");
	}

}
