package dev.tidemark.autoconfigure.unregistered.callback;

import java.util.Set;

import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;

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
