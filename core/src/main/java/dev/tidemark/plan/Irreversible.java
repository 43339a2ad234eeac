package dev.tidemark.plan;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;

/**
 * What is told of versions that say that they have no way back.
 *
 * @since 0.1.0
 */
public final class Irreversible {

	private Irreversible() {
	}

	/** Tells that such a version was to be undone. */
	static Problem undone(Identity identity, String script, String reason) {
		return Problem.error(ErrorCode.UNDO_IRREVERSIBLE, Place.file(script),
				capitalised(identity.inWords()) + " has no way back, as its file says: " + reason,
				"Undo only what came after it, as with version " + identity.version() + " as the one that stays; to get"
						+ " further back, write a new version that goes forward to what is wanted, or restore a backup.");
	}

	/** Tells that a version says so and has an undo file all the same. */
	public static @Nullable Problem contradicted(Migration migration, Script script, @Nullable Migration undo) {
		String reason = script.directives().irreversible();
		if (reason == null || undo == null) {
			return null;
		}
		return Problem.error(ErrorCode.UNDO_IRREVERSIBLE, Place.file(undo.script()),
				"The file undoes " + migration.identity().inWords() + ", which has no way back, as "
						+ migration.script() + " says: " + reason,
				"Remove this file; or as long as the version is not applied anywhere, remove the directive"
						+ " 'irreversible' from its file.");
	}

	private static String capitalised(String text) {
		return Character.toUpperCase(text.charAt(0)) + text.substring(1);
	}

}
