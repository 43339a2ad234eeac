package dev.tidemark.run.code;

import java.sql.Connection;
import java.sql.PreparedStatement;

import org.junit.jupiter.api.Test;
import org.postgresql.PGStatement;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a native image is told of the connection that code gets.
 */
class GuardedConnectionHintsTests {

	@Test
	void aNativeImageKnowsTheConnectionAndWhatWorksOverIt() {
		RuntimeHints hints = new RuntimeHints();
		SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter(GuardedConnectionHints.class::isInstance)
			.forEach((registrar) -> registrar.registerHints(hints, getClass().getClassLoader()));

		assertThat(hints).matches(RuntimeHintsPredicates.proxies().forInterfaces(Connection.class))
			.matches(RuntimeHintsPredicates.proxies().forInterfaces(PreparedStatement.class, PGStatement.class));
	}

}
