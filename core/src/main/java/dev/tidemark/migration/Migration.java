package dev.tidemark.migration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.backfill.BackfillFile;

/**
 * A migration that was found: a file, or code; or a file that undoes one.
 *
 * @since 0.1.0
 */
public final class Migration {

	private static final String CODE = "code:";

	private final Identity identity;

	private final Phase phase;

	private final boolean undo;

	private final String description;

	private final @Nullable MigrationContent content;

	private final @Nullable CodeAccount code;

	private Migration(Identity identity, Phase phase, boolean undo, String description,
			@Nullable MigrationContent content, @Nullable CodeAccount code) {
		this.identity = identity;
		this.phase = phase;
		this.undo = undo;
		this.description = identity.isRepeatable() ? identity.toString() : description;
		this.content = content;
		this.code = code;
	}

	public static Migration of(Identity identity, Phase phase, String description, MigrationContent content) {
		return new Migration(identity, phase, false, description, content, null);
	}

	public static Migration undo(Identity identity, String description, MigrationContent content) {
		return new Migration(identity, Phase.EXPAND, true, description, content, null);
	}

	/**
	 * Returns the file with the phase of the migration that it undoes, which its name
	 * does not say.
	 */
	public Migration undoing(Phase undone) {
		return (undone == this.phase) ? this
				: new Migration(this.identity, undone, this.undo, this.description, this.content, this.code);
	}

	/**
	 * Asks code what it is.
	 * @throws TidemarkException if it does not tell
	 */
	public static Migration of(CodeMigration code) {
		CodeAccount account = CodeAccount.of(code);
		Phase phase = (code instanceof BackfillInOnePiece) ? Phase.BACKFILL : Phase.EXPAND;
		return new Migration(account.identity(), phase, false, account.description(), null, account);
	}

	/**
	 * Returns what makes it the same migration over all builds.
	 * @return the version or the name
	 */
	public Identity identity() {
		return this.identity;
	}

	/**
	 * Return when it runs.
	 * @return the phase; {@link Phase#EXPAND} for all but versions
	 */
	public Phase phase() {
		return this.phase;
	}

	/**
	 * Tells whether the file takes the migration back.
	 * @return {@code true} for a file such as {@code U7__x.sql}
	 */
	public boolean isUndo() {
		return this.undo;
	}

	/**
	 * Returns in words what runs, such as {@code version 7} or
	 * {@code the undo of version 7}.
	 * @return the words
	 */
	public String inWords() {
		return this.undo ? "the undo of " + this.identity.inWords() : this.identity.inWords();
	}

	/**
	 * Returns the description from the file's name, with blanks for underscores.
	 * @return the description, possibly empty
	 */
	public String description() {
		return this.description;
	}

	/**
	 * Returns the path of the file, beginning with the path of its location, or what code
	 * is called.
	 * @return the path
	 */
	public String script() {
		return (this.code != null) ? this.code.script() : content().script();
	}

	/**
	 * Returns the code.
	 * @return the code, or {@code null} if the migration is a file
	 */
	public @Nullable CodeMigration code() {
		return (this.code != null) ? this.code.code() : null;
	}

	/**
	 * Return the backfill that is written in Java.
	 * @return the backfill, or {@code null} if the migration is none, or a file
	 */
	public @Nullable CodeBackfill codeBackfill() {
		return (code() instanceof BackfillInOnePiece piece) ? piece.backfill() : null;
	}

	/**
	 * Read what the backfill walks, and what it does to each batch.
	 * @param builtIns what the built-in placeholders tell, or {@code null} if no database
	 * is known
	 * @return the backfill; of one in Java without statements
	 * @throws TidemarkException as {@link #load(BuiltIns)}
	 * @throws IllegalStateException if the migration is no backfill
	 */
	public BackfillFile backfill(@Nullable BuiltIns builtIns) {
		BackfillFile backfill = (code() instanceof BackfillInOnePiece piece) ? piece.file()
				: checked(content().load(this.identity, builtIns)).backfill();
		if (backfill == null) {
			throw new IllegalStateException("No backfill: " + this);
		}
		return backfill;
	}

	/**
	 * Returns the checksum of the text when it was found, or the one that code has by its
	 * own account.
	 * @return the checksum, or {@code null} if code has none
	 */
	public @Nullable Checksum checksum() {
		if (this.code == null) {
			return content().checksum();
		}
		String checksum = this.code.checksum();
		return (checksum != null) ? new Checksum(CODE + checksum) : null;
	}

	/**
	 * Tells whether a run that recorded a checksum ran what the migration is now.
	 * @param recorded the checksum that the history has, or {@code null} if it has none
	 * @return {@code false} if the content is another one
	 */
	public boolean isContentOf(@Nullable String recorded) {
		Checksum checksum = checksum();
		if (recorded == null) {
			// There is nothing to compare by, unless what was code without a checksum has
			// got one since, or is a file now.
			return checksum == null || !this.identity.isRepeatable();
		}
		return checksum != null && checksum.value().equals(recorded);
	}

	/** Tells whether the other file is a copy of this one that runs as this one does. */
	public boolean isCopyOf(Migration other) {
		return this.content != null && other.content != null && this.phase == other.phase
				&& this.content.isCopyOf(other.content);
	}

	/**
	 * Tells whether the placeholders that a run of this migration used have the values
	 * that they had then.
	 * @param remembered what the history knows of them
	 * @return {@code false} if one has changed
	 * @see UsedPlaceholders#remember(java.util.Collection)
	 */
	public boolean hasSameValues(String remembered) {
		return this.content == null || this.content.hasSameValues(remembered);
	}

	/**
	 * Reads the head of the file again, or asks the code.
	 * @return what it asks for
	 * @throws TidemarkException if the file cannot be read, has a wrong directive, or is
	 * not the one any more whose checksum was taken
	 */
	public Directives directives() {
		return (this.code != null) ? Directives.dependingOn(this.code.dependsOn()) : content().directives();
	}

	/**
	 * Reads the file again and splits it into statements, as far as that can be done
	 * without a database: the built-in placeholders stay as they are.
	 * @return the content
	 * @throws TidemarkException as {@link #load(BuiltIns)}
	 */
	public Script load() {
		return checked(content().load(this.identity, null));
	}

	/**
	 * Reads the file again, replaces its placeholders and splits it into statements.
	 * @param builtIns what the built-in placeholders tell
	 * @return the content
	 * @throws TidemarkException if the file cannot be read, cannot be split, has a wrong
	 * directive or a placeholder without a value, or is not the one any more whose
	 * checksum was taken
	 * @throws IllegalStateException if the migration is code
	 */
	public Script load(BuiltIns builtIns) {
		return checked(content().load(this.identity, builtIns));
	}

	private Script checked(Script script) {
		return new MisplacedDirectives(this.identity, this.phase, this.undo, script()).in(script);
	}

	/** Returns the path of the undo file that a file of a version has, or could have. */
	public String undoScript() {
		return content().undoScript();
	}

	private MigrationContent content() {
		if (this.content == null) {
			throw new IllegalStateException("Code has no file");
		}
		return this.content;
	}

	/** Returns the {@link #script() path}. */
	@Override
	public String toString() {
		return script();
	}

}
