package dev.tidemark.autoconfigure.properties;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.Tenants;
import dev.tidemark.tenant.OnTenantFailure;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;
import static dev.tidemark.autoconfigure.properties.Unset.textOrNull;

/**
 * Schemas of many tenants, which are migrated in place of one schema.
 *
 * @param schemas Comma-separated list of the schemas of tenants.
 * @param provider Name of the TenantSchemas bean that knows schemas of tenants.
 * @param connections How many tenants are migrated at a time, each on a connection.
 * @param onFailure What happens to other tenants when one cannot be migrated.
 * @since 0.1.0
 */
public record TenantsProperties(List<String> schemas, @Nullable String provider, Integer connections,
		OnTenantFailure onFailure) {

	/** What is used if nothing is configured. */
	static final TenantsProperties DEFAULT = new TenantsProperties(List.of(), null, Tenants.DEFAULT_CONNECTIONS,
			Tenants.DEFAULT_ON_FAILURE);

	/** Takes what is set to nothing for not set, and defaults for what is not set. */
	public TenantsProperties {
		schemas = List.copyOf(orElse(schemas, List.of()));
		provider = textOrNull(provider);
		connections = orElse(connections, Tenants.DEFAULT_CONNECTIONS);
		onFailure = orElse(onFailure, Tenants.DEFAULT_ON_FAILURE);
	}

}
