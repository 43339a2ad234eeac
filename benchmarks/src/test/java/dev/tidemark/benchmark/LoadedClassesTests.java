package dev.tidemark.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class LoadedClassesTests {

	@Test
	void oursAndThoseOfLibrariesAreCountedButNotTheJvms(@TempDir Path directory) throws IOException {
		Path log = Files.writeString(directory.resolve("log"), """
				java.lang.Object source: shared objects file
				java.util.zip.ZipFile source: jrt:/java.base
				dev.tidemark.benchmark.contestant.TidemarkMain source: file:/work/programs.jar
				dev.tidemark.Tidemark source: file:/work/core.jar
				dev.tidemark.Tidemark$Builder source: jar:file:/work/core.jar
				dev.tidemark.Tidemark$1 source: jar:file:/work/core.jar
				dev.tidemark.Tidemark$$Lambda$5/0x00007f5548004880 source: dev.tidemark.Tidemark
				dev.tidemark.Tidemark$$Lambda/0x00007f5548004890 source: dev.tidemark.Tidemark
				org.postgresql.Driver source: file:/work/postgresql-42.jar
				org.postgresql.Driver$$Lambda/0x00007f5548004898 source: org.postgresql.Driver
				dev.tidemark.benchmark.contestant.Probe$$Lambda/0x1 source: dev.tidemark.benchmark.contestant.Probe
				""");

		LoadedClasses classes = LoadedClasses.read(log);

		assertThat(classes.ours()).containsExactly("dev.tidemark.Tidemark", "dev.tidemark.Tidemark$Builder");
		assertThat(classes.lambdas()).isEqualTo(2);
		assertThat(classes.libraries()).isEqualTo(1);
	}

}
