package dev.tidemark.sample;

import org.junit.jupiter.api.Test;

import dev.tidemark.testkit.CommonPool;

class ArchitectureTests {

	@Test
	void nobodyUsesTheCommonPool() {
		CommonPool.assertUnused();
	}

}
