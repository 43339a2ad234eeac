package dev.tidemark.autoconfigure.properties;

import dev.tidemark.autoconfigure.ExitCode;

/**
 * What happens to the database when the application starts.
 *
 * @since 0.1.0
 */
public enum Mode {

	/**
	 * Pending migrations run, then the application starts. On a standby, which accepts no
	 * writes, it starts if none is pending.
	 */
	MIGRATE,

	/**
	 * Nothing is changed: the application starts if the database is what this build
	 * expects.
	 */
	VERIFY,

	/**
	 * Nothing is changed: what would run is printed with its SQL, and what stands in its
	 * way, then the process ends before JPA or the web server start. {@link ExitCode}
	 * says what the exit code means.
	 */
	PLAN,

	/**
	 * Nothing is changed: the history and what is pending are printed, then the process
	 * ends before JPA or the web server start.
	 */
	STATUS,

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

	/**
	 * The application starts, web server included, and is not ready until pending
	 * migrations have run.
	 */
	BACKGROUND,

	/** Nothing runs. The endpoint and the health of the migrations remain. */
	OFF

}
