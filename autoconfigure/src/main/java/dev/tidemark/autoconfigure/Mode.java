package dev.tidemark.autoconfigure;

/**
 * What happens to the database when the application starts.
 */
public enum Mode {

	/** Pending migrations run, then the application starts. */
	MIGRATE,

	/**
	 * Nothing is changed: the application starts if the database is what this build
	 * expects.
	 */
	VERIFY,

	/**
	 * Pending migrations run, then the process ends with exit code 0, before JPA or the
	 * web server start.
	 */
	MIGRATE_AND_EXIT,

	/**
	 * What {@code tidemark.undo} names is undone, then the process ends with exit code 0,
	 * before JPA or the web server start.
	 */
	UNDO,

	/** Nothing runs. The endpoint and the health of the migrations remain. */
	OFF

}
