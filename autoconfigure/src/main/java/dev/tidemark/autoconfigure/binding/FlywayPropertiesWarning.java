package dev.tidemark.autoconfigure.binding;

import java.util.Arrays;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.slf4j.Logger;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;

/**
 * Looks for properties that Flyway has left behind and warns of them: whoever set another
 * schema or location has to know that it counts no more. Only names are read, as values
 * may be secrets.
 *
 * @since 0.1.0
 */
public class FlywayPropertiesWarning implements BeanFactoryPostProcessor {

	private static final Logger logger = PlainLogger.of(FlywayPropertiesWarning.class);

	private static final String PREFIX = "spring.flyway.";

	private final Environment environment;

	public FlywayPropertiesWarning(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (!(this.environment instanceof ConfigurableEnvironment configurable)) {
			return;
		}
		TreeSet<String> names = configurable.getPropertySources()
			.stream()
			.filter(EnumerablePropertySource.class::isInstance)
			.flatMap((source) -> Arrays.stream(((EnumerablePropertySource<?>) source).getPropertyNames()))
			.filter(FlywayPropertiesWarning::isOfFlyway)
			.collect(Collectors.toCollection(TreeSet::new));
		if (!names.isEmpty()) {
			logger.warn("{}",
					Problem.warning(ErrorCode.PROPERTIES_UNREAD, null,
							"Flyway is not on the class path, so nothing reads " + String.join(", ", names) + ".",
							"Set the properties of Tidemark that have the same meaning, and remove these."));
		}
	}

	/** Environment variables have underscores for dots. */
	private static boolean isOfFlyway(String name) {
		return name.toLowerCase(Locale.ROOT).replace('_', '.').startsWith(PREFIX);
	}

}
