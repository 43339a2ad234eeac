package dev.tidemark.source;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Where the sources of a class path lie.
 */
class SourceFoldersTests {

	private static final Location LOCATION = Location.of("classpath:db/migration");

	@TempDir
	private Path module;

	private List<Location> sources(String... copies) throws IOException {
		URL[] urls = new URL[copies.length];
		for (int i = 0; i < copies.length; i++) {
			Path copy = this.module.resolve(copies[i]);
			Files.createDirectories(copy.resolve("db/migration"));
			urls[i] = copy.toUri().toURL();
		}
		try (URLClassLoader loader = new URLClassLoader(urls, null)) {
			return new SourceFolders(loader).of(LOCATION);
		}
	}

	private Location folder(String resources) throws IOException {
		Path folder = this.module.resolve(resources).resolve("db/migration");
		Files.createDirectories(folder);
		return Location.of("filesystem:" + folder);
	}

	@ParameterizedTest
	@ValueSource(strings = { "target/classes", "build/resources/main", "out/production/resources", "bin/main" })
	void areFoundFromTheCopyOfEachBuildTool(String copy) throws IOException {
		Location main = folder("src/main/resources");

		assertThat(sources(copy)).containsExactly(main);
	}

	@Test
	void areThoseOfTheModuleItself() throws IOException {
		folder("src/main/resources");
		Location inner = folder("inner/src/main/resources");

		assertThat(sources("inner/target/classes")).containsExactly(inner);
	}

	@Test
	void areThoseOfTestsToo() throws IOException {
		Location main = folder("src/main/resources");
		Location test = folder("src/test/resources");

		assertThat(sources("target/classes", "target/test-classes")).containsExactly(main, test);
	}

	@Test
	void areUnknownWhereOnlySomeOfTheClassPathWasBuiltHere() throws IOException {
		folder("inner/src/main/resources");

		assertThatExceptionOfType(TidemarkException.class)
			.isThrownBy(() -> sources("inner/target/classes", "elsewhere"))
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(ErrorCode.RELEASE_UNKNOWN));
	}

	@Test
	void areUnknownOfWhatComesOutOfAnArchive() throws IOException {
		folder("src/main/resources");
		Path classes = Files.createDirectories(this.module.resolve("target/classes/db/migration"));
		Path archive = this.module.resolve("library.jar");
		try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
			zip.putNextEntry(new ZipEntry("db/migration/"));
			zip.closeEntry();
		}
		URL[] urls = { classes.getParent().getParent().toUri().toURL(), archive.toUri().toURL() };

		try (URLClassLoader loader = new URLClassLoader(urls, null)) {
			assertThatExceptionOfType(TidemarkException.class).isThrownBy(() -> new SourceFolders(loader).of(LOCATION))
				.withMessageContaining("library.jar");
		}
	}

	@Test
	void aFolderOfTheFileSystemIsItsOwnSource() {
		Location location = Location.of("filesystem:" + this.module);

		assertThat(new SourceFolders(getClass().getClassLoader()).of(location)).containsExactly(location);
	}

	@Test
	void areUnknownWhereTheClassPathWasNotBuiltHere() {
		assertThatExceptionOfType(TidemarkException.class).isThrownBy(() -> sources("somewhere"))
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(ErrorCode.RELEASE_UNKNOWN))
			.withMessageContaining("src/main/resources/db/migration");
	}

}
