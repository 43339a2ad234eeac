package dev.tidemark.benchmark;

/**
 * How a contestant is packed and started.
 */
enum Launch {

	/** By a small {@code main}, with its migrations in a jar on the class path. */
	LIBRARY,

	/** In a Boot application, as its executable jar. */
	BOOT_JAR,

	/** In a Boot application that was extracted, which is how images are built. */
	BOOT_EXTRACTED

}
