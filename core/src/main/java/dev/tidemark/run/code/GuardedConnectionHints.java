package dev.tidemark.run.code;

import java.sql.Connection;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * Tells a native image what stands for the connection of a run, and for what works over
 * it, while code has it.
 */
final class GuardedConnectionHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.proxies().registerJdkProxy(Connection.class);
		GuardedConnection.WORKERS.forEach((types) -> hints.proxies().registerJdkProxy(types.toArray(Class<?>[]::new)));
	}

}
