package dev.tidemark.session;

import java.util.ArrayList;
import java.util.List;

/**
 * Messages that are sent at once. It takes so many that all but the first fit into the
 * buffers between driver and server: else the driver, while it still writes, and the
 * server, which nobody reads, could wait for each other.
 *
 * @since 0.1.0
 */
public final class Pipeline {

	private static final int MOST_MESSAGES = 100;

	private static final int MOST_CHARACTERS = 8 * 1024;

	private final List<String> messages = new ArrayList<>();

	private int characters;

	/** Whether one more message can be sent together with those that are there. */
	public boolean takes(String message) {
		return this.messages.isEmpty()
				|| (this.messages.size() < MOST_MESSAGES && this.characters + message.length() <= MOST_CHARACTERS);
	}

	public void add(String message) {
		if (!this.messages.isEmpty()) {
			this.characters += message.length();
		}
		this.messages.add(message);
	}

	public boolean isEmpty() {
		return this.messages.isEmpty();
	}

	/** Hands out the messages, and is empty again. */
	public List<String> take() {
		List<String> taken = List.copyOf(this.messages);
		this.messages.clear();
		this.characters = 0;
		return taken;
	}

}
