package dev.tidemark.autoconfigure.actuate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

import dev.tidemark.Tenants;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.sql.PlainText;
import dev.tidemark.tenant.TenantsInspection;

/**
 * {@link HealthIndicator} of the migrations of many tenants: down when something is wrong
 * with one of them that a person has to solve, unknown when the database does not answer.
 *
 * @since 0.1.0
 */
public class TenantsHealthIndicator extends AbstractHealthIndicator {

	private static final int LISTED = 20;

	private final Tenants tenants;

	private final Duration timeout;

	/**
	 * Makes an indicator.
	 * @param tenants whose migrations
	 * @param timeout how long the database may take to answer
	 */
	public TenantsHealthIndicator(Tenants tenants, Duration timeout) {
		super("Looking at the migrations of tenants failed");
		this.tenants = tenants;
		this.timeout = timeout;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		TenantsInspection inspection = this.tenants.inspect(InspectRequest.everything().within(this.timeout));
		Map<String, Integer> counts = new LinkedHashMap<>();
		inspection.counts().forEach((state, count) -> counts.put(state.toString(), count));
		builder.status(MigrationsHealthIndicator.status(inspection.state()))
			.withDetail("state", inspection.state().toString())
			.withDetail("tenants", counts)
			.withDetail("blocked",
					inspection.in(Inspection.State.BLOCKED)
						.stream()
						.limit(LISTED)
						.map(TenantsInspection.Tenant::schema)
						.map(PlainText::line)
						.toList());
		Map<String, CurrentDescriptor> current = current(inspection);
		if (!current.isEmpty()) {
			builder.withDetail("current", current);
		}
	}

	/** Returns what runs of this instance are doing, by schema. */
	private static Map<String, CurrentDescriptor> current(TenantsInspection inspection) {
		Map<String, CurrentDescriptor> current = new LinkedHashMap<>();
		for (TenantsInspection.Tenant tenant : inspection.tenants()) {
			CurrentDescriptor descriptor = CurrentDescriptor.of(tenant.current());
			if (descriptor != null && current.size() < LISTED) {
				current.put(PlainText.line(tenant.schema()), descriptor);
			}
		}
		return current;
	}

}
