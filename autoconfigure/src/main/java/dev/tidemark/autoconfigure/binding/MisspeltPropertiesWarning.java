package dev.tidemark.autoconfigure.binding;

import java.util.List;

import org.slf4j.Logger;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.sql.secret.Secrets;

/**
 * Warns of properties that begin as ours do, but whose names nothing knows: whoever has
 * set one believes that it counts. It does so before any bean is made, as what is
 * misspelt may well be what the next one lacks.
 */
class MisspeltPropertiesWarning implements BeanFactoryPostProcessor {

	private static final Logger logger = PlainLogger.of(MisspeltPropertiesWarning.class);

	private final Environment environment;

	MisspeltPropertiesWarning(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (!(this.environment instanceof ConfigurableEnvironment configurable)) {
			return;
		}
		List<MisspeltProperties.Misspelt> misspelt = MisspeltProperties.in(configurable);
		if (misspelt.isEmpty()) {
			return;
		}
		PropertiesOfOthers others = PropertiesOfOthers.in(beanFactory);
		misspelt.stream()
			.filter((property) -> !others.contain(property.elements()))
			.forEach((property) -> warn(property));
	}

	private static void warn(MisspeltProperties.Misspelt property) {
		logger.warn("{}",
				Problem.warning(ErrorCode.PROPERTIES_UNREAD, null, "Tidemark has no property " + property.name() + " ("
						+ Secrets.mask(property.origin()) + "), so nothing reads it.", remedy(property)));
	}

	private static String remedy(MisspeltProperties.Misspelt property) {
		if (property.meant() == null) {
			return "Correct its name, or remove it. What the application reads itself needs another prefix than "
					+ "tidemark.";
		}
		return property.renamed() ? "It is called " + property.meant() + " now."
				: "Did you mean " + property.meant() + "?";
	}

}
