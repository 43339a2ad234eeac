package dev.tidemark.autoconfigure.codeslices.scanned;

import java.util.Set;

import org.springframework.stereotype.Component;

import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;

@Component
class Reader implements Callback {

	@Override
	public Set<CallbackEvent> events() {
		return Set.of(CallbackEvent.AFTER_MIGRATE);
	}

	@Override
	public void call(CallbackContext context) {
		context.operations().execute("CREATE TABLE IF NOT EXISTS reader (id int)");
	}

}
