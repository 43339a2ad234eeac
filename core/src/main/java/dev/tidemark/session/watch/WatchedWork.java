package dev.tidemark.session.watch;

import java.time.Duration;

/**
 * What a session is busy with; a new one for each time it is. In its log lines a watch
 * names it by its {@code toString()}.
 *
 * @since 0.1.0
 */
public interface WatchedWork {

	/** Returns for how long the session has been busy with it. */
	Duration elapsed();

}
