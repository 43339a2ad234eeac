package dev.tidemark.autoconfigure.start;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;

import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.autoconfigure.properties.PlanFormat;

/**
 * Keeps an application quiet that is started to print something and end: no banner, no
 * log but warnings, and no bean that is not needed for that. Where JSON is printed, a
 * warning would stand in the middle of it: it is among its problems. The command line
 * alone may say otherwise, since that is where a person asks for more; what the
 * configuration says is meant for the application.
 */
final class QuietEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	private static final String SOURCE = "tidemarkQuiet";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		String mode = environment.getProperty("tidemark.mode");
		if (isAnyOf(mode, Mode.STATUS, Mode.PLAN) && environment.getProperty("tidemark.enabled", Boolean.class, true)) {
			add(environment.getPropertySources(), quiet(environment, String.valueOf(mode)));
		}
	}

	private static boolean isAnyOf(@Nullable String value, Mode... modes) {
		for (Mode mode : modes) {
			if (mode.name().equalsIgnoreCase(value)) {
				return true;
			}
		}
		return false;
	}

	private static Map<String, Object> quiet(ConfigurableEnvironment environment, String mode) {
		boolean parsed = PlanFormat.JSON.name()
			.equalsIgnoreCase(environment.getProperty("tidemark." + mode.toLowerCase(Locale.ROOT) + ".format"));
		String level = parsed ? "error" : "warn";
		Map<String, Object> quiet = new LinkedHashMap<>();
		quiet.put("spring.main.banner-mode", "off");
		quiet.put("spring.main.log-startup-info", "false");
		quiet.put("spring.main.lazy-initialization", "true");
		quiet.put("logging.level.root", level);
		quiet.put("logging.level.dev.tidemark", level);
		quiet.put("logging.threshold.console", level);
		return quiet;
	}

	private static void add(MutablePropertySources sources, Map<String, Object> quiet) {
		MapPropertySource source = new MapPropertySource(SOURCE, quiet);
		String commandLine = CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME;
		if (sources.contains(commandLine)) {
			sources.addAfter(commandLine, source);
		}
		else {
			sources.addFirst(source);
		}
	}

	/** After the configuration files are read, which may say the mode. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
