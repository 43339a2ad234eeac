package dev.tidemark.benchmark;

import org.junit.jupiter.api.Test;

import dev.tidemark.testkit.CommonPool;

class ArchitectureTests {

	@Test
	void nobodyUsesTheCommonPool() {
		CommonPool.assertUnused();
	}

}
