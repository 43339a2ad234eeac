package dev.tidemark.run;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Thrown;

/**
 * Those who are told what runs do, in the order in which they are told.
 *
 * @since 0.1.0
 */
public final class Listeners {

	private static final Logger logger = PlainLogger.of(Listeners.class);

	private final List<RunListener> listeners;

	private final UnaryOperator<String> mask;

	/**
	 * Creates listeners.
	 * @param listeners the listeners
	 * @param mask takes out of what they throw what must not be seen
	 */
	public Listeners(List<? extends RunListener> listeners, UnaryOperator<String> mask) {
		this.listeners = List.copyOf(listeners);
		this.mask = mask;
	}

	public void tell(Consumer<RunListener> event) {
		for (RunListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException | Error ex) {
				// Who only looks on must neither stop a migration nor hide its failure.
				warn(listener, ex);
			}
		}
	}

	/**
	 * Logs that a listener has thrown something, without secrets.
	 * @param listener the listener
	 * @param thrown what it has thrown
	 */
	public void warn(Object listener, Throwable thrown) {
		Thrown told = new Thrown(thrown, this.mask);
		logger.warn("A listener of type {} failed: {}", listener.getClass().getName(), told.inWords(),
				told.withoutSecrets());
	}

}
