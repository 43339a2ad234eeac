package dev.tidemark.autoconfigure.start;

import java.util.Set;

import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDatabaseInitializerDetector;

/**
 * Makes all that waits for the initialisation of the database wait for
 * {@link TidemarkInitializer}.
 */
class TidemarkInitializerDatabaseInitializerDetector extends AbstractBeansOfTypeDatabaseInitializerDetector {

	@Override
	protected Set<Class<?>> getDatabaseInitializerBeanTypes() {
		return Set.of(TidemarkInitializer.class);
	}

	/** Before {@code schema.sql} and {@code data.sql}, which may use what files made. */
	@Override
	public int getOrder() {
		return 1;
	}

}
