package dev.tidemark.autoconfigure.start;

import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.core.env.Environment;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.database.TidemarkDatabases;
import dev.tidemark.autoconfigure.database.TidemarkFactory;

/**
 * Registers a {@code <name>Tidemark} or {@code <name>Tenants} for each database.
 */
class TidemarkDatabasesRegistrar implements BeanRegistrar {

	@Override
	public void register(BeanRegistry registry, Environment environment) {
		TidemarkDatabases databases = new TidemarkDatabases(environment);
		int order = 0;
		for (String name : databases.names()) {
			int place = order++;
			if (!databases.properties(name).enabled()) {
				continue;
			}
			if (databases.hasTenants(name)) {
				registry.registerBean(name + "Tenants", Tenants.class, (bean) -> bean.order(place)
					.supplier((context) -> context.bean(TidemarkFactory.class).tenants(name)));
			}
			else {
				registry.registerBean(name + "Tidemark", Tidemark.class, (bean) -> bean.order(place)
					.supplier((context) -> context.bean(TidemarkFactory.class).tidemark(name)));
			}
		}
	}

}
