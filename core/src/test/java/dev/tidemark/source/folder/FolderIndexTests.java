package dev.tidemark.source.folder;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Migration;
import dev.tidemark.source.IndexWriter;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.Sources;
import dev.tidemark.source.format.Naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FolderIndexTests {

	private static final String LOCATION = "db/migration";

	private static final String INDEX = LOCATION + "/" + FolderIndex.NAME;

	/** No text has this one, so who finds it has not hashed the file. */
	private static final Checksum INVENTED = new Checksum("sha256:invented");

	@TempDir
	private Path root;

	private int jars;

	/** What the class path finds files in. */
	enum Packaging {

		FOLDER, JAR, IMAGE

	}

	private Path write(String name, String content) throws IOException {
		return write(name, content.getBytes(StandardCharsets.UTF_8));
	}

	private Path write(String name, byte[] content) throws IOException {
		Path file = this.root.resolve("app").resolve(LOCATION).resolve(name);
		Files.createDirectories(file.getParent());
		return Files.write(file, content);
	}

	private Path index() throws IOException {
		return IndexWriter.write(this.root.resolve("app").resolve(LOCATION));
	}

	private void invent(String name, String content) throws IOException {
		byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
		CRC32 crc = new CRC32();
		crc.update(bytes);
		write(FolderIndex.NAME,
				FolderIndex.text(List.of(FolderIndex.line(name, bytes.length, crc.getValue(), INVENTED))));
	}

	private Sources read(Packaging packaging) throws IOException {
		return read(packaging, StandardCharsets.UTF_8);
	}

	private Sources read(Packaging packaging, Charset encoding) throws IOException {
		Path folder = this.root.resolve("app");
		return switch (packaging) {
			case FOLDER -> read(encoding, folder.toUri().toURL());
			case JAR -> read(encoding, jar(folder).toUri().toURL());
			case IMAGE -> read(encoding, new Image(folder));
		};
	}

	private static Sources read(Charset encoding, URL... urls) throws IOException {
		try (URLClassLoader loader = new URLClassLoader(urls, null)) {
			return read(encoding, loader);
		}
	}

	private static Sources read(Charset encoding, ClassLoader loader) {
		Sources sources = new MigrationSource(
				new SourceSettings(List.of(Location.of(Location.DEFAULT)), true, encoding, Naming.DEFAULT), loader)
			.read();
		sources.migrations()
			.stream()
			.filter((migration) -> !migration.checksum().equals(INVENTED))
			.limit(100)
			.forEach(Migration::load);
		return sources;
	}

	private Path jar(Path folder) throws IOException {
		Path jar = this.root.resolve("app" + this.jars++ + ".jar");
		try (OutputStream out = Files.newOutputStream(jar);
				ZipOutputStream zip = new ZipOutputStream(out);
				Stream<Path> files = Files.walk(folder)) {
			for (Path file : files.sorted().toList()) {
				String name = folder.relativize(file).toString().replace('\\', '/');
				if (Files.isDirectory(file)) {
					zip.putNextEntry(new ZipEntry(name + "/"));
				}
				else {
					zip.putNextEntry(new ZipEntry(name));
					Files.copy(file, zip);
				}
			}
		}
		return jar;
	}

	private static Map<String, String> checksums(Sources sources) {
		Map<String, String> checksums = new TreeMap<>();
		sources.migrations().forEach((migration) -> checksums.put(migration.script(), migration.checksum().toString()));
		return checksums;
	}

	private static List<String> problems(Sources sources) {
		return sources.problems().stream().map(Problem::toString).toList();
	}

	private void assertThatTheIndexChangesNothing(Packaging packaging) throws IOException {
		Sources indexed = read(packaging);
		Files.delete(this.root.resolve("app").resolve(INDEX));
		Sources scanned = read(Packaging.FOLDER);

		assertThat(checksums(indexed)).isEqualTo(checksums(scanned));
		assertThat(problems(indexed)).isEqualTo(problems(scanned));
	}

	@ParameterizedTest
	@EnumSource
	void aFileThatTheIndexKnowsIsNotHashed(Packaging packaging) throws IOException {
		write("V1__a.sql", "SELECT 1");
		invent("V1__a.sql", "SELECT 1");

		assertThat(read(packaging).migrations()).extracting(Migration::checksum).containsExactly(INVENTED);
	}

	@ParameterizedTest
	@EnumSource
	void theIndexHasTheChecksumsOfTheEngine(Packaging packaging) throws IOException {
		write("V1__a.sql", "SELECT 1;\nSELECT 2;\n");
		write("V2__windows.sql", "SELECT 1;\r\nSELECT 'ø';\r\n");
		write("V3__mark.sql", "\uFEFFSELECT 3");
		write("V4__empty.sql", "");
		write("deep/er/V5__b.sql", "SELECT 5");
		write("sp ace/V6__blåbær og 日本.sql", "SELECT 6");
		write("per%20cent/V7__pl+us.sql", "SELECT 7");
		write("R__view.sql", "SELECT 8");
		write("README.md", "no migration");
		write("picture.png", new byte[] { (byte) 0x89, 'P', 0, (byte) 0xFF });
		index();

		assertThat(read(packaging).migrations()).hasSize(8);
		assertThatTheIndexChangesNothing(packaging);
	}

	@ParameterizedTest
	@EnumSource
	void aFileThatWasEditedAfterwardsIsRead(Packaging packaging) throws IOException {
		Path file = write("V1__a.sql", "SELECT 1");
		write("V2__b.sql", "SELECT 2");
		index();
		FileTime time = Files.getLastModifiedTime(file);
		write("V1__a.sql", "SELECT 9");
		Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() - 60_000));

		assertThatTheIndexChangesNothing(packaging);
	}

	@ParameterizedTest
	@EnumSource(names = { "FOLDER", "JAR" })
	void aFileThatWasAddedAfterwardsIsFound(Packaging packaging) throws IOException {
		write("V1__a.sql", "SELECT 1");
		index();
		write("deep/V2__b.sql", "SELECT 2");

		assertThat(read(packaging).migrations()).hasSize(2);
		assertThatTheIndexChangesNothing(packaging);
	}

	@ParameterizedTest
	@EnumSource
	void aFileThatWasRemovedAfterwardsIsGone(Packaging packaging) throws IOException {
		write("V1__a.sql", "SELECT 1");
		Path file = write("V2__b.sql", "SELECT 2");
		index();
		Files.delete(file);

		assertThat(read(packaging).migrations()).hasSize(1);
		assertThatTheIndexChangesNothing(packaging);
	}

	@ParameterizedTest
	@EnumSource
	void aFileThatWasRenamedAfterwardsIsReadByItsNewName(Packaging packaging) throws IOException {
		Path file = write("V1__a.sql", "SELECT 1");
		write("V2__b.sql", "SELECT 2");
		index();
		Files.move(file, file.resolveSibling("V2__b.sql"), StandardCopyOption.REPLACE_EXISTING);

		assertThatTheIndexChangesNothing(packaging);
	}

	@ParameterizedTest
	@EnumSource
	void problemsOfFilesAreThoseOfAScan(Packaging packaging) throws IOException {
		write("V1__a.sql", "SELECT 1");
		write("deep/V1__b.sql", "SELECT 2");
		write("V2_c.sql", "SELECT 3");
		write("notes.sql", "SELECT 4");
		write("V5__latin.sql", "SELECT 1;\nSELECT 'ø'".getBytes(StandardCharsets.ISO_8859_1));
		index();

		assertThat(read(packaging).problems()).extracting(Problem::code)
			.containsExactlyInAnyOrder(ErrorCode.DUPLICATE, ErrorCode.FILE_NAME, ErrorCode.FILE_NAME,
					ErrorCode.FILE_ENCODING);
		assertThatTheIndexChangesNothing(packaging);
	}

	@ParameterizedTest
	@EnumSource
	void anotherEncodingDoesWithoutTheChecksums(Packaging packaging) throws IOException {
		write("V1__a.sql", "SELECT 'ø'");
		invent("V1__a.sql", "SELECT 'ø'");

		assertThat(read(packaging, StandardCharsets.ISO_8859_1).migrations()).extracting(Migration::checksum)
			.doesNotContain(INVENTED)
			.hasSize(1);
	}

	@Test
	void anIndexThatWasEditedOrCutOffDoesNotCount() throws IOException {
		write("V1__a.sql", "SELECT 1");
		write("V2__b.sql", "SELECT 2");
		byte[] index = Files.readAllBytes(index());
		assertThat(FolderIndex.parse(index, "index").isEmpty()).isFalse();

		Logger logger = (Logger) LoggerFactory.getLogger(FolderIndex.class);
		logger.setLevel(Level.OFF);
		try {
			for (int i = 0; i < index.length; i++) {
				byte[] edited = index.clone();
				edited[i] = (byte) ((edited[i] == 'a') ? 'b' : 'a');
				assertThat(FolderIndex.parse(edited, "index").isEmpty()).isTrue();
				assertThat(FolderIndex.parse(Arrays.copyOf(index, i), "index").isEmpty()).isTrue();
			}
		}
		finally {
			logger.setLevel(null);
		}
	}

	@Test
	void filesOfADamagedIndexAreRead() throws IOException {
		write("V1__a.sql", "SELECT 1");
		write("V2__b.sql", "SELECT 2");
		String index = Files.readString(index());
		write(FolderIndex.NAME, index.replaceFirst("sha256:.", "sha256:x"));

		assertThatTheIndexChangesNothing(Packaging.JAR);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "end 0\n", "tidemark-index 1", "tidemark-index 1\n", "tidemark-index 1\nend\n",
			"tidemark-index 2\nend 3cd9ab6a\n", "\n\n", "\0" })
	void anIndexOfAnotherFormDoesNotCountAndTheLogTells(String content) throws IOException {
		write("V1__a.sql", "SELECT 1");
		write(FolderIndex.NAME, content);
		Logger logger = (Logger) LoggerFactory.getLogger(FolderIndex.class);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		try {
			assertThat(read(Packaging.JAR).migrations()).hasSize(1);
		}
		finally {
			logger.detachAppender(log);
		}
		assertThat(log.list).hasSize(1).allSatisfy((event) -> {
			assertThat(event.getLevel()).isEqualTo(Level.WARN);
			assertThat(event.getFormattedMessage()).contains(INDEX).contains("all files are read instead");
		});
	}

	@Test
	void anIndexThatCannotBeReadDoesNotCount() {
		assertThat(FolderIndex.read(() -> {
			throw new FileNotFoundException();
		}, "index").isEmpty()).isTrue();
	}

	@Test
	void aFolderOfTheNameIsNoIndex() throws IOException {
		write(FolderIndex.NAME + "/V1__a.sql", "SELECT 1");

		assertThat(read(Packaging.FOLDER).migrations()).hasSize(1);
		assertThat(read(Packaging.JAR).migrations()).hasSize(1);
	}

	@Test
	void aLineThatIsNoneDoesNotCount() throws IOException {
		assertThat(FolderIndex.parse(FolderIndex.text(List.of("no-blank\n")).getBytes(StandardCharsets.UTF_8), "index")
			.isEmpty()).isTrue();
	}

	@Test
	void eachJarHasItsOwnIndex() throws IOException {
		write("V1__a.sql", "SELECT 1");
		invent("V1__a.sql", "SELECT 1");
		URL first = jar(this.root.resolve("app")).toUri().toURL();
		Files.delete(this.root.resolve("app").resolve(LOCATION).resolve("V1__a.sql"));
		write("V2__b.sql", "SELECT 2");
		invent("V2__b.sql", "SELECT 2");
		URL second = jar(this.root.resolve("app")).toUri().toURL();
		Files.delete(this.root.resolve("app").resolve(LOCATION).resolve("V2__b.sql"));
		write("V3__c.sql", "SELECT 3");
		Files.delete(this.root.resolve("app").resolve(INDEX));
		URL third = jar(this.root.resolve("app")).toUri().toURL();

		List<Migration> migrations = read(StandardCharsets.UTF_8, first, second, third).migrations();

		assertThat(migrations).extracting(Migration::checksum).startsWith(INVENTED, INVENTED);
		assertThat(migrations).hasSize(3);
	}

	@Test
	void anIndexOfAnotherJarDoesNotCount() throws IOException {
		write("V1__a.sql", "SELECT 1");
		URL files = jar(this.root.resolve("app")).toUri().toURL();
		invent("V1__a.sql", "SELECT 1");
		Files.delete(this.root.resolve("app").resolve(LOCATION).resolve("V1__a.sql"));
		URL index = jar(this.root.resolve("app")).toUri().toURL();

		assertThat(read(StandardCharsets.UTF_8, index, files).migrations()).hasSize(1)
			.extracting(Migration::checksum)
			.doesNotContain(INVENTED);
	}

	@Test
	void anImageHasTheFilesOfAllJars() throws IOException {
		write("V1__a.sql", "SELECT 1");
		URL first = jar(this.root.resolve("app")).toUri().toURL();
		write("V1__a.sql", "SELECT 'another text'");
		write("deep/V2__b.sql", "SELECT 2");
		URL second = jar(this.root.resolve("app")).toUri().toURL();
		String text;
		try (URLClassLoader loader = new URLClassLoader(new URL[] { first, second }, null)) {
			text = IndexWriter.text(Location.of(Location.DEFAULT), loader);
		}
		write(FolderIndex.NAME, text);
		write("V1__a.sql", "SELECT 1");

		Sources sources = read(Packaging.IMAGE);

		assertThat(sources.migrations()).extracting(Migration::script)
			.containsExactly(LOCATION + "/V1__a.sql", LOCATION + "/deep/V2__b.sql");
		assertThat(sources.problems()).isEmpty();
	}

	@Test
	void thereIsNoIndexOfALocationThatDoesNotExist() throws IOException {
		try (URLClassLoader loader = new URLClassLoader(new URL[0], null)) {
			assertThat(IndexWriter.text(Location.of("classpath:nowhere"), loader)).isNull();
		}
	}

	@Test
	void twoBuildsWriteTheSameIndex() throws IOException {
		for (int i = 0; i < 100; i++) {
			write("V" + i + "__a.sql", "SELECT " + i);
		}
		String first = Files.readString(index());
		assertThat(Files.readString(index())).isEqualTo(first);
	}

	@Test
	void theMainMethodWritesTheIndexOfEachFolder() throws IOException {
		write("one/V1__a.sql", "SELECT 1");
		write("two/V2__b.sql", "SELECT 2");
		Path folder = this.root.resolve("app").resolve(LOCATION);

		IndexWriter.main(folder.resolve("one").toString(), folder.resolve("two").toString());

		assertThat(folder.resolve("one").resolve(FolderIndex.NAME)).content().contains("V1__a.sql");
		assertThat(folder.resolve("two").resolve(FolderIndex.NAME)).content().contains("V2__b.sql");
	}

	@Test
	void aFolderThatDoesNotExistHasNoIndex() {
		assertThatExceptionOfType(NotDirectoryException.class)
			.isThrownBy(() -> IndexWriter.main(this.root.resolve("nowhere").toString()));
	}

	@Test
	void tenThousandFilesHaveAnIndex() throws IOException {
		URL plain = jarOfTenThousand("plain.jar", null).toUri().toURL();
		String index;
		try (URLClassLoader loader = new URLClassLoader(new URL[] { plain }, null)) {
			index = IndexWriter.text(Location.of(Location.DEFAULT), loader);
		}
		URL indexed = jarOfTenThousand("indexed.jar", index).toUri().toURL();

		Sources sources = read(StandardCharsets.UTF_8, indexed);

		assertThat(sources.problems()).isEmpty();
		assertThat(sources.migrations()).hasSize(10_000);
		assertThat(checksums(sources)).isEqualTo(checksums(read(StandardCharsets.UTF_8, plain)));
	}

	private Path jarOfTenThousand(String name, @Nullable String index) throws IOException {
		Path jar = this.root.resolve(name);
		try (OutputStream out = Files.newOutputStream(jar); ZipOutputStream zip = new ZipOutputStream(out)) {
			zip.putNextEntry(new ZipEntry(LOCATION + "/"));
			for (int i = 1; i <= 10_000; i++) {
				zip.putNextEntry(new ZipEntry(LOCATION + "/V" + i + "__a.sql"));
				zip.write(("SELECT " + i).getBytes(StandardCharsets.UTF_8));
			}
			if (index != null) {
				zip.putNextEntry(new ZipEntry(INDEX));
				zip.write(index.getBytes(StandardCharsets.UTF_8));
			}
		}
		return jar;
	}

	/**
	 * Finds files by their names and lists none, as a native image does.
	 */
	private static final class Image extends ClassLoader {

		private final Path folder;

		Image(Path folder) {
			super(null);
			this.folder = folder;
		}

		@Override
		protected Enumeration<URL> findResources(String name) throws IOException {
			Path file = this.folder.resolve(name);
			return Files.isRegularFile(file) ? Collections.enumeration(List.of(url(name, file)))
					: Collections.emptyEnumeration();
		}

		private static URL url(String name, Path file) throws IOException {
			return new URL(null, "resource:/" + name, new URLStreamHandler() {

				@Override
				protected URLConnection openConnection(URL url) {
					return new URLConnection(url) {

						@Override
						public void connect() {
						}

						@Override
						public InputStream getInputStream() throws IOException {
							if (!Files.exists(file)) {
								throw new FileNotFoundException(name);
							}
							return new ByteArrayInputStream(Files.readAllBytes(file));
						}

					};
				}

			});
		}

	}

}
