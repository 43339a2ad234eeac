package dev.tidemark.maven;

import org.junit.jupiter.api.Test;

import dev.tidemark.test.CommonPool;

class ArchitectureTests {

	@Test
	void nobodyUsesTheCommonPool() {
		CommonPool.assertUnused();
	}

}
