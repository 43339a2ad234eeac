package dev.tidemark.run;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.sql.PlainText;

/**
 * A migration as files and history know it, for those who are told of it.
 *
 * @param identity which migration
 * @param phase when it runs
 * @param description its description, from the file where there is one
 * @param script the path of its file as it is now or as it was, or the name of its code
 * @param checksum what stands for its text, as the history has it or else the file, or
 * {@code null} if nothing does
 * @param state its state
 * @param reason why it does not run although its file is there, or runs again although
 * nothing of it has changed, or {@code null} if the state says it all
 * @param undo whether this is about its undo: script, checksum and state are then those
 * of the undo file
 * @param undoScript the path of the file that undoes it, or {@code null} if there is none
 * @param rank the rank of its last run in the history, or {@code null} if it never ran
 * @since 0.1.0
 */
public record MigrationInfo(Identity identity, Phase phase, String description, String script,
		@Nullable String checksum, MigrationState state, @Nullable String reason, boolean undo,
		@Nullable String undoScript, @Nullable Integer rank) {

	/**
	 * Return the version.
	 * @return the version, or {@code null} for a repeatable
	 */
	public @Nullable MigrationVersion version() {
		return this.identity.version();
	}

	/**
	 * Return what kind of migration it is, in the word that the history and the endpoint
	 * use.
	 * @return {@code versioned}, {@code baseline} or {@code repeatable}
	 */
	public String kind() {
		return this.identity.kind();
	}

	/**
	 * Return what it is in words, such as {@code version 7}, or
	 * {@code the undo of version 7}.
	 * @return the words
	 */
	public String inWords() {
		return this.undo ? "the undo of " + this.identity.inWords() : this.identity.inWords();
	}

	/**
	 * Return whether it is a backfill that somebody has to work on after the start.
	 * @return {@code false} if it is none, or is done or passed over
	 */
	public boolean isBackfillLeft() {
		return this.phase == Phase.BACKFILL && this.state == MigrationState.WAITING;
	}

	/** Returns the migration in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line(inWords() + " (" + this.script + "): " + this.state
				+ ((this.reason != null) ? ", " + this.reason : ""));
	}

}
