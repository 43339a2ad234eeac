package dev.tidemark.autoconfigure.start;

import java.io.IOException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ClassUtils;

import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.source.Location;
import dev.tidemark.source.format.Naming;

/**
 * Looks for files on the default location and warns of them. It does so before any bean
 * is made, as without a driver the {@code DataSource} may well be the next to fail.
 */
class UnusedMigrationsWarning implements BeanFactoryPostProcessor {

	private static final Logger logger = PlainLogger.of(UnusedMigrationsWarning.class);

	private final Environment environment;

	UnusedMigrationsWarning(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (Binder.get(this.environment).bind("tidemark.mode", Mode.class).orElse(Mode.MIGRATE) == Mode.OFF) {
			return;
		}
		ClassLoader classLoader = beanFactory.getBeanClassLoader();
		long files = files(classLoader);
		if (files > 0) {
			boolean driver = ClassUtils.isPresent("org.postgresql.Driver", classLoader);
			logger.warn("{}", Problem.warning(
					ErrorCode.NOTHING_RUNS, null,
					((files == 1) ? "There is a file" : "There are " + files + " files")
							+ " on " + Location.DEFAULT + ", but nothing will run " + ((files == 1) ? "it" : "them")
							+ ": "
							+ (driver
									? "there is no DataSource and no tidemark.connection.url."
									: "the PostgreSQL driver is not on the class path."),
					(driver ? "Set spring.datasource.url or tidemark.connection.url" : "Add org.postgresql:postgresql")
							+ "; if nothing shall run, say so with tidemark.mode=off."));
		}
	}

	private static long files(@Nullable ClassLoader classLoader) {
		try {
			Resource[] files = new PathMatchingResourcePatternResolver(classLoader).getResources("classpath*:"
					+ Location.DEFAULT.substring("classpath:".length()) + "/**/*" + Naming.DEFAULT_SUFFIX);
			return Arrays.stream(files).filter(Resource::isReadable).count();
		}
		catch (IOException ex) {
			return 0;
		}
	}

}
