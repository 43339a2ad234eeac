package dev.tidemark.run;

import java.util.Set;

import dev.tidemark.migration.CallbackEvent;

/**
 * Code that runs at events of a run and may work in the database, as files do that are
 * named after events. Who only looks on is a {@link RunListener}. Must be thread-safe if
 * several databases are migrated.
 *
 * @since 0.1.0
 */
public interface Callback {

	/**
	 * Returns at which events it runs. Always the same.
	 * @return the events
	 */
	Set<CallbackEvent> events();

	/**
	 * Runs. Where a migration or the callback does not get a lock in time it is rolled
	 * back and tried again, so this may be called more than once for one event.
	 * @param context what happens, and the means to work in the transaction
	 * @throws Exception whatever stops it, and with it the run. After an error event it
	 * is only logged: the run has failed already
	 */
	void call(CallbackContext context) throws Exception;

}
