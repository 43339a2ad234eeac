package dev.tidemark.autoconfigure.backfill;

import java.util.List;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.env.Environment;

/**
 * Tells whether those who send requests can see that an application is not ready. Only
 * the names of beans are looked at, as the actuator need not be there.
 *
 * @since 0.1.0
 */
public final class ReadinessProbe {

	private static final String STATE = "readinessStateHealthIndicator";

	/** There in a web application whose health is exposed. */
	private static final List<String> OVER_HTTP = List.of("healthEndpointWebExtension",
			"reactiveHealthEndpointWebExtension");

	private ReadinessProbe() {
	}

	/**
	 * Return whether the application shows its readiness.
	 * @param beans the beans of the application
	 * @param environment may switch off the endpoints over HTTP, by a negative port
	 * @return {@code true} if a probe can ask for it over HTTP
	 */
	public static boolean isShown(BeanFactory beans, Environment environment) {
		String port = environment.getProperty("management.server.port");
		return (port == null || !port.strip().startsWith("-")) && beans.containsBean(STATE)
				&& OVER_HTTP.stream().anyMatch(beans::containsBean);
	}

}
