package dev.tidemark.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nobody pays for the libraries of another one.
 */
class LibrariesTests {

	private final Libraries libraries;

	LibrariesTests() throws IOException {
		this.libraries = new Libraries(Path.of("target", "dependencies"));
	}

	@Test
	void rawJdbcNeedsTheDriverOnly() {
		assertThat(paths(Contestant.RAW.libraries(Launch.LIBRARY))).hasSize(2)
			.anyMatch((path) -> path.contains("postgresql"))
			.anyMatch((path) -> path.contains("checker-qual"));
	}

	@Test
	void aToolBringsWhatItNeeds() {
		assertThat(paths(Contestant.LIQUIBASE.libraries(Launch.LIBRARY)))
			.anyMatch((path) -> path.contains("liquibase-core"))
			.anyMatch((path) -> path.contains("snakeyaml"))
			.noneMatch((path) -> path.matches(".*(flyway|tidemark-|spring).*"));
		assertThat(paths(Contestant.FLYWAY.libraries(Launch.LIBRARY))).anyMatch((path) -> path.contains("flyway-core"))
			.noneMatch((path) -> path.matches(".*(liquibase|tidemark-|spring).*"));
		assertThat(paths(Contestant.TIDEMARK.libraries(Launch.LIBRARY)))
			.anyMatch((path) -> path.contains("spring-core"))
			.noneMatch((path) -> path.matches(".*(liquibase|flyway|spring-boot).*"));
	}

	@Test
	void theApplicationWithoutMigrationsHasNoTool() {
		assertThat(paths(Contestant.NONE.libraries(Launch.BOOT_JAR))).anyMatch((path) -> path.contains("HikariCP"))
			.noneMatch((path) -> path.matches(".*(liquibase|flyway|tidemark-).*"));
	}

	@Test
	void thePeersAreTheNewest() {
		assertThat(this.libraries.versionOf("org.flywaydb:flyway-core")).isEqualTo("13.12.0");
		assertThat(this.libraries.versionOf("org.liquibase:liquibase-core")).isEqualTo("5.0.4");
	}

	private List<String> paths(List<String> artifacts) {
		return this.libraries.filesOf(artifacts).stream().map((path) -> path.getFileName().toString()).toList();
	}

}
