package dev.tidemark.autoconfigure.start;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDependsOnDatabaseInitializationDetector;
import org.springframework.util.ClassUtils;

/**
 * Makes what works on the schema by way of R2DBC wait for the initialisation of the
 * database, as Spring Boot does with {@code JdbcClient}, but not with these.
 */
class R2dbcDependsOnDatabaseInitializationDetector extends AbstractBeansOfTypeDependsOnDatabaseInitializationDetector {

	/** Named, as most applications have neither. */
	private static final Set<String> TYPES = Set.of("org.springframework.r2dbc.core.DatabaseClient",
			"org.springframework.data.r2dbc.core.R2dbcEntityOperations");

	@Override
	protected Set<Class<?>> getDependsOnDatabaseInitializationBeanTypes() {
		ClassLoader classLoader = getClass().getClassLoader();
		return TYPES.stream()
			.filter((type) -> ClassUtils.isPresent(type, classLoader))
			.flatMap((type) -> Stream.<Class<?>>of(ClassUtils.resolveClassName(type, classLoader)))
			.collect(Collectors.toUnmodifiableSet());
	}

}
