package dev.tidemark.autoconfigure.unregistered.callback;

import java.util.Set;

import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;
import dev.tidemark.source.CallbackEvent;

/**
 * A callback without any annotation.
 */
public class Grants implements Callback {

	@Override
	public Set<CallbackEvent> events() {
		return Set.of(CallbackEvent.AFTER_MIGRATE);
	}

	@Override
	public void call(CallbackContext context) {
		context.operations().execute("CREATE TABLE granted (id int)");
	}

}
