package dev.tidemark.benchmark;

import java.util.List;

/**
 * How a contestant is packed and started.
 */
enum Launch {

	/** By a small {@code main}, with its migrations in a jar on the class path. */
	LIBRARY(),

	/** As a library, for one schema after the other of a database, or all of them. */
	TENANTS(),

	/** In a Boot application, as its executable jar. */
	BOOT_JAR(Launch.POOL),

	/** In a Boot application that was extracted, which is how images are built. */
	BOOT_EXTRACTED(Launch.POOL),

	/** In an extracted Boot application with all that services usually have. */
	SERVICE_EXTRACTED(Launch.POOL, "org.springframework.boot:spring-boot-starter-webmvc",
			"org.springframework.boot:spring-boot-starter-data-jpa",
			"org.springframework.boot:spring-boot-starter-actuator");

	private static final String POOL = "org.springframework.boot:spring-boot-starter-jdbc";

	private final List<String> libraries;

	Launch(String... libraries) {
		this.libraries = List.of(libraries);
	}

	/**
	 * Returns what an application has beside the contestant.
	 * @return artifacts, each as {@code group:artifact}
	 */
	List<String> libraries() {
		return this.libraries;
	}

	boolean isBoot() {
		return !this.libraries.isEmpty();
	}

}
