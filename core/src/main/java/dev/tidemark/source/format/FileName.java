package dev.tidemark.source.format;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;

/**
 * What the name of a file says.
 *
 * @since 0.1.0
 */
public sealed interface FileName {

	/**
	 * A migration that this version runs.
	 *
	 * @param identity what makes it the same migration over all builds
	 * @param phase when it runs
	 * @param description what it does, without its phase
	 * @since 0.1.0
	 */
	record Known(Identity identity, Phase phase, String description) implements FileName {

		/** A migration that runs before the application starts. */
		public Known(Identity identity, String description) {
			this(identity, Phase.EXPAND, description);
		}

	}

	/**
	 * A file that runs at an event.
	 *
	 * @since 0.1.0
	 */
	record Callback(CallbackEvent event, String description) implements FileName {
	}

	/**
	 * What takes a migration back.
	 *
	 * @since 0.1.0
	 */
	record Undo(Identity identity, String description) implements FileName {
	}

	/**
	 * A file that needs a word to the operator.
	 *
	 * @param code what is wrong
	 * @param isError whether it stops a run: it could be a migration that would be passed
	 * over
	 * @param what what is wrong, in words
	 * @param remedy what to do if the file is for Tidemark
	 * @param version of a file whose name has no prefix, its version, else {@code null}
	 * @param renamed the name that was meant, if that is clear, else {@code null}
	 * @since 0.1.0
	 */
	record Doubtful(ErrorCode code, boolean isError, String what, String remedy, @Nullable MigrationVersion version,
			@Nullable String renamed) implements FileName {
	}

	/**
	 * A file that is no business of the run: it is not SQL.
	 *
	 * @since 0.1.0
	 */
	record Ignored() implements FileName {
	}

}
