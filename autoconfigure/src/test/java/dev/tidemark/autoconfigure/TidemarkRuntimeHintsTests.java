package dev.tidemark.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

import static org.assertj.core.api.Assertions.assertThat;

class TidemarkRuntimeHintsTests {

	@Test
	void keepsTheFilesOfTheDefaultLocation() {
		RuntimeHints hints = new RuntimeHints();
		new TidemarkRuntimeHints().registerHints(hints, null);
		assertThat(RuntimeHintsPredicates.resource().forResource("db/migration/deep/V1__create_customer.sql"))
			.accepts(hints);
	}

}
