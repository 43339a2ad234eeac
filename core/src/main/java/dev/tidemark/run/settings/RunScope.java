package dev.tidemark.run.settings;

/**
 * Whose run it is.
 *
 * @param tidemark the name of the {@code Tidemark} that runs
 * @param tenant whether the schema is one of many that it migrates
 * @since 0.1.0
 */
public record RunScope(String tidemark, boolean tenant) {

	/** Returns the scope of the runs in one schema of many. */
	public RunScope ofTenant() {
		return new RunScope(this.tidemark, true);
	}

}
