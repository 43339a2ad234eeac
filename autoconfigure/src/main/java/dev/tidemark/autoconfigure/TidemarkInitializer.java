package dev.tidemark.autoconfigure;

import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.InitializingBean;

import dev.tidemark.Tidemark;
import dev.tidemark.error.TidemarkException;

/**
 * Does what the {@link Mode} says when the application starts. Whatever Spring Boot makes
 * wait for the initialisation of the database waits for this bean; an application may
 * replace it by one of its own.
 */
public class TidemarkInitializer implements InitializingBean {

	private static final Logger logger = LoggerFactory.getLogger(TidemarkInitializer.class);

	private final List<Tidemark> tidemarks;

	private final Mode mode;

	private final JvmExit exit;

	/**
	 * Makes an initializer.
	 * @param tidemarks what to run, in this order
	 * @param mode what to do
	 */
	public TidemarkInitializer(List<Tidemark> tidemarks, Mode mode) {
		this(tidemarks, mode, System::exit);
	}

	TidemarkInitializer(List<Tidemark> tidemarks, Mode mode, JvmExit exit) {
		this.tidemarks = List.copyOf(tidemarks);
		this.mode = mode;
		this.exit = exit;
	}

	/**
	 * Migrates or verifies all databases, one after the other.
	 * @throws TidemarkException if one of them cannot be migrated, or is not as expected
	 */
	@Override
	public void afterPropertiesSet() {
		switch (this.mode) {
			case MIGRATE -> this.tidemarks.forEach(Tidemark::migrate);
			case VERIFY -> this.tidemarks.forEach(Tidemark::verify);
			case MIGRATE_AND_EXIT -> {
				this.tidemarks.forEach(Tidemark::migrate);
				logger.info("Ending with exit code 0, as tidemark.mode=migrate-and-exit asks for");
				// In the middle of a start this ends the process without closing the
				// context: shutdown hooks see that the starting thread waits for them.
				this.exit.exit(0);
			}
			case OFF -> logger.info("No migration runs: tidemark.mode=off");
		}
	}

}
