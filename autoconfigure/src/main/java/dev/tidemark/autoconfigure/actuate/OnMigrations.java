package dev.tidemark.autoconfigure.actuate;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;

/**
 * There has to be something to look at.
 */
class OnMigrations extends AnyNestedCondition {

	OnMigrations() {
		super(ConfigurationPhase.REGISTER_BEAN);
	}

	@ConditionalOnBean(Tidemark.class)
	static class OnTidemark {

	}

	@ConditionalOnBean(Tenants.class)
	static class OnTenants {

	}

}
