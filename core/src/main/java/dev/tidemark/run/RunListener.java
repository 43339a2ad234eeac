package dev.tidemark.run;

import java.time.Duration;
import java.util.List;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.migration.Identity;
import dev.tidemark.run.settings.RunScope;

/**
 * Callback interface for what a run does or a check finds, on the thread that does it.
 * What a listener throws is logged without secrets, and changes nothing.
 *
 * @since 0.1.0
 */
public interface RunListener {

	/**
	 * A run begins, before the first connection.
	 * @param scope whose run it is
	 */
	default void runStarted(RunScope scope) {
		runStarted();
	}

	/** A run begins, before the first connection. */
	default void runStarted() {
	}

	/**
	 * A run has read the history and compared it with the files, and does so again where
	 * another instance may have written in between.
	 * @param scope whose run it is
	 * @param database which database it has found
	 * @param migrations all migrations that files or history know, before anything runs
	 */
	default void planned(RunScope scope, DatabaseIdentity database, List<MigrationInfo> migrations) {
	}

	/**
	 * The instance lock was obtained.
	 * @param waited how long it took
	 */
	default void lockAcquired(Duration waited) {
	}

	/**
	 * A migration begins, or the undo of one.
	 * @param migration what will run
	 */
	default void migrationStarted(MigrationInfo migration) {
	}

	/**
	 * A migration did not get a lock in time, was rolled back and will try again.
	 * @param wait which attempt it was, and who was in the way
	 */
	default void lockNotGranted(LockWait wait) {
	}

	/**
	 * A migration does not queue for its locks yet, since others are in the way. Told
	 * when that begins, and now and then as long as it goes on.
	 * @param look who is in the way
	 */
	default void lockLooked(LockLook look) {
	}

	/**
	 * A migration queues for its locks after it has not done so for a while.
	 * @param migration the migration
	 * @param looked for how long it has not
	 */
	default void lockQueued(Identity migration, Duration looked) {
	}

	/**
	 * A migration ran to its end.
	 * @param migration what ran
	 * @param result how it went
	 */
	default void migrationApplied(MigrationInfo migration, MigrationResult result) {
	}

	/**
	 * A migration was undone. Where several are undone in one transaction, all of them
	 * have begun before this is told of the last one, and then of those before it.
	 * @param migration what ran
	 * @param result how it went
	 */
	default void migrationUndone(MigrationInfo migration, MigrationResult result) {
	}

	/**
	 * A migration failed.
	 * @param migration what failed
	 * @param failure why
	 */
	default void migrationFailed(MigrationInfo migration, TidemarkException failure) {
	}

	/**
	 * A run ended well.
	 * @param result what it did
	 */
	default void runFinished(RunResult result) {
	}

	/**
	 * An undo ended well, which is a run too.
	 * @param result what it did
	 */
	default void undoFinished(UndoResult result) {
	}

	/**
	 * A run failed.
	 * @param failure why
	 */
	default void runFailed(TidemarkException failure) {
	}

	/**
	 * A database that may not be changed was checked. It is no run: none of the other
	 * events belongs to it, and if the database did not answer, this one is not told
	 * either.
	 * @param verification what was found
	 */
	default void verified(Verification verification) {
	}

}
