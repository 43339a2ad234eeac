package dev.tidemark.autoconfigure.database;

import org.jspecify.annotations.Nullable;

/**
 * Tells whether {@code spring-boot-devtools} restarts the application. They load it by a
 * class loader of their own, which they do not do where it runs from a packaged jar.
 */
final class Devtools {

	private static final String LOADER = "org.springframework.boot.devtools.restart.classloader.RestartClassLoader";

	private Devtools() {
	}

	/** Return whether the application was loaded by the devtools. */
	static boolean areActive(@Nullable ClassLoader loader) {
		for (ClassLoader each = loader; each != null; each = each.getParent()) {
			if (each.getClass().getName().equals(LOADER)) {
				return true;
			}
		}
		return false;
	}

}
