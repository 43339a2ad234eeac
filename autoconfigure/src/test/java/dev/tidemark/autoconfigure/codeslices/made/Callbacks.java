package dev.tidemark.autoconfigure.codeslices.made;

import java.util.Set;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;

@Configuration(proxyBeanMethods = false)
public class Callbacks {

	@Bean
	Callback reader() {
		return new Callback() {

			@Override
			public Set<CallbackEvent> events() {
				return Set.of(CallbackEvent.AFTER_MIGRATE);
			}

			@Override
			public void call(CallbackContext context) {
				context.operations().execute("CREATE TABLE IF NOT EXISTS reader (id int)");
			}

		};
	}

}
