package dev.tidemark.run;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.run.settings.RunScope;

/**
 * What a callback knows of its event. It works in the transaction of the migration where
 * the event belongs to one, else in a transaction of its own, which commits when the
 * callback returns.
 *
 * @since 0.1.0
 */
public interface CallbackContext extends JdbcContext {

	/**
	 * Returns whose run it is: an application may have several, or many tenants.
	 * @return the scope
	 */
	RunScope scope();

	/**
	 * Returns the schema of the history, which of many tenants is that of this one.
	 * @return the schema
	 */
	String schema();

	/**
	 * Returns the event.
	 * @return the event
	 */
	CallbackEvent event();

	/**
	 * Returns the migration that the event belongs to.
	 * @return what runs, or {@code null} if the event belongs to the run as a whole
	 */
	@Nullable MigrationInfo migration();

	/**
	 * Returns the statement that the event belongs to.
	 * @return the statement, or {@code null} if the event belongs to none
	 */
	@Nullable StatementInfo statement();

	/**
	 * Returns why the migration or the run failed.
	 * @return the failure, or {@code null} if the event is no error
	 */
	@Nullable TidemarkException failure();

}
