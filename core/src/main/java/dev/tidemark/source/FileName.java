package dev.tidemark.source;

import dev.tidemark.error.Problem;

/**
 * What the name of a file says.
 */
sealed interface FileName {

	/** A migration that this version runs. */
	record Known(Identity identity, String description) implements FileName {
	}

	/** A file that runs at an event. */
	record Callback(CallbackEvent event, String description) implements FileName {
	}

	/** What takes a migration back. */
	record Undo(Identity identity, String description) implements FileName {
	}

	/** A file that needs a word to the operator. */
	record Doubtful(Problem problem) implements FileName {
	}

	/** A file that is no business of the run: it is not SQL. */
	record Ignored() implements FileName {
	}

}
