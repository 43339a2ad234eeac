package dev.tidemark.migration;

import java.util.ArrayList;
import java.util.List;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.backfill.BackfillDirectives;

/** Finds the directives of a file that belong to files of another kind; used once. */
final class MisplacedDirectives {

	private final Identity identity;

	private final Phase phase;

	private final boolean undo;

	private final String path;

	private final List<Problem> problems = new ArrayList<>();

	/**
	 * Prepares to look.
	 * @param identity which migration it is
	 * @param phase when it runs
	 * @param undo whether it takes the migration back
	 * @param path the path of the file
	 */
	MisplacedDirectives(Identity identity, Phase phase, boolean undo, String path) {
		this.identity = identity;
		this.phase = phase;
		this.undo = undo;
		this.path = path;
	}

	/**
	 * Returns the script.
	 * @throws TidemarkException if its head says what belongs elsewhere
	 */
	Script in(Script script) {
		Directives directives = script.directives();
		checkUndo(directives, script);
		checkBackfill(directives);
		checkRequired(directives);
		if (!this.problems.isEmpty()) {
			throw new TidemarkException(this.problems);
		}
		return script;
	}

	private void checkUndo(Directives directives, Script script) {
		if (directives.irreversible() != null && (this.undo || !this.identity.isVersioned())) {
			add("The directive 'irreversible' belongs to versions; this file is " + inWords() + ".",
					"Put it at the head of the file of the version that has no way back, or remove it.");
		}
		if (directives.nothingToUndo() != null && !this.undo) {
			add("The directive 'nothing-to-undo' belongs to undo files; this file is " + inWords() + ".",
					"Put it into the undo file of the version, or write irreversible if there is no way back.");
		}
		else if (directives.nothingToUndo() != null && !script.statements().isEmpty()) {
			add("The file says that there is nothing to undo, and has statements all the same.",
					"Remove the directive 'nothing-to-undo', or the statements.");
		}
	}

	private void checkBackfill(Directives directives) {
		boolean backfill = this.phase == Phase.BACKFILL;
		BackfillDirectives said = directives.backfill();
		if (said != null && !backfill) {
			add("The directive '" + firstWord(said) + "' belongs to backfills; this file is " + inWords() + ".",
					"Remove it, or name the file as a backfill, as in V8__copy_email.backfill.sql.");
		}
		if (backfill && !directives.transaction()) {
			add("A backfill runs in transactions, one for each batch, and cannot have 'transaction=none'"
					+ " (or executeInTransaction=false in a .conf).",
					"Remove it; what cannot run in a transaction belongs into a file that is no backfill.");
		}
	}

	/** Returns a word of backfills that the file says. */
	static String firstWord(BackfillDirectives said) {
		return !said.table().isEmpty() ? "batch"
				: (said.verify() != null) ? "verify" : said.options().keySet().iterator().next().toString();
	}

	private void checkRequired(Directives directives) {
		MigrationVersion own = this.identity.version();
		if (directives.requires().isEmpty()) {
			return;
		}
		if (this.undo) {
			add("The directive 'requires' belongs to what a build brings; this file is " + inWords() + ".",
					"Put it at the head of a newer version.");
			return;
		}
		for (MigrationVersion required : directives.requires()) {
			if (own != null && required.compareTo(own) >= 0) {
				add("The file requires version " + required + ", which does not come before it.",
						"Put the directive 'requires' at the head of a file with a newer version.");
			}
		}
	}

	private String inWords() {
		return (this.undo ? "the undo of " : "") + this.identity.inWords()
				+ ((this.phase == Phase.CONTRACT) ? ", a contract" : "");
	}

	private void add(String what, String remedy) {
		this.problems.add(Problem.error(ErrorCode.DIRECTIVE, Place.file(this.path), what, remedy));
	}

}
