package dev.tidemark.run;

import java.time.Duration;

/**
 * What a session is busy with; a new one for each time it is. In its log lines a watch
 * names it by its {@link #toString() words}.
 */
interface WatchedWork {

	/** Returns for how long the session has been busy with it. */
	Duration elapsed();

}
