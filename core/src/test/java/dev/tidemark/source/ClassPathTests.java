package dev.tidemark.source;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
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
import dev.tidemark.error.Problem;
import dev.tidemark.migration.Migration;
import dev.tidemark.source.format.Naming;

import static org.assertj.core.api.Assertions.assertThat;

class ClassPathTests {

	private static final String MANIFEST = "META-INF/MANIFEST.MF";

	@TempDir
	private Path root;

	private Path folder(String name, String file) throws IOException {
		Path folder = this.root.resolve(name);
		Files.createDirectories(folder.resolve(file).getParent());
		Files.writeString(folder.resolve(file), "SELECT 1");
		return folder;
	}

	private Path jar(String name, String... entries) throws IOException {
		Path jar = this.root.resolve(name);
		Files.createDirectories(jar.getParent());
		try (OutputStream out = Files.newOutputStream(jar); ZipOutputStream zip = new ZipOutputStream(out)) {
			for (String entry : entries) {
				zip.putNextEntry(new ZipEntry(entry));
				if (entry.endsWith(".sql")) {
					zip.write("SELECT 2".getBytes(StandardCharsets.UTF_8));
				}
				else if (entry.endsWith(".conf")) {
					zip.write("executeInTransaction=false".getBytes(StandardCharsets.UTF_8));
				}
			}
		}
		return jar;
	}

	private static Sources read(String location, URL... urls) throws IOException {
		try (URLClassLoader loader = new URLClassLoader(urls, null)) {
			Sources sources = new MigrationSource(
					new SourceSettings(List.of(Location.of(location)), true, StandardCharsets.UTF_8, Naming.DEFAULT),
					loader)
				.read();
			assertThat(sources.migrations()).allSatisfy((migration) -> migration.load());
			return sources;
		}
	}

	private static Sources read(Path... entries) throws IOException {
		URL[] urls = new URL[entries.length];
		for (int i = 0; i < urls.length; i++) {
			urls[i] = entries[i].toUri().toURL();
		}
		return read(Location.DEFAULT, urls);
	}

	private static void assertThatOnly(Sources sources, String... scripts) {
		assertThat(sources.problems()).isEmpty();
		assertThat(sources.migrations()).extracting(Migration::script).containsExactly(scripts);
	}

	@Test
	void readsFoldersAndJars() throws IOException {
		Path folder = folder("folder", "db/migration/V1__a b's æ.sql");
		Path jar = jar("lib.jar", "db/", "db/migration/", "db/migration/sub/", "db/migration/sub/V2__b.sql",
				"db/migrations/V3__c.sql");

		assertThatOnly(read(folder, jar), "db/migration/V1__a b's æ.sql", "db/migration/sub/V2__b.sql");
	}

	@ParameterizedTest
	@ValueSource(strings = { "sp ace", "pl+us", "per%20cent", "per%zz", "blåbær", "日本", "a\u0308", "[x]", "{x}", "a!b",
			"!", "x!", "a#b", "a;b", "a&b=c", "st*r", "**", "qu?st" })
	void noPathIsTooOdd(String name) throws IOException {
		String first = "db/migration/" + name + "/V1__" + name + ".sql";
		String second = "db/migration/" + name + "/V2__" + name + ".sql";
		Path folder = folder(name, first);
		Path jar = jar(name + "/lib.jar", "db/", "db/migration/", "db/migration/" + name + "/", second);

		assertThatOnly(read(folder, jar), first, second);
		assertThatOnly(
				read(Location.DEFAULT, new URL(folder.toUri().toASCIIString()), new URL(jar.toUri().toASCIIString())),
				first, second);
		assertThatOnly(read("classpath:db/migration/" + name, folder.toUri().toURL(), jar.toUri().toURL()), first,
				second);
	}

	@Test
	void aJarWithoutDirectoryEntriesIsFound() throws IOException {
		Path jar = jar("lib.jar", MANIFEST, "db/migration/V2__b.sql");

		assertThatOnly(read(jar), "db/migration/V2__b.sql");
	}

	@Test
	void aJarWithoutDirectoryEntriesIsFoundBesideAFolder() throws IOException {
		Path folder = folder("folder", "db/migration/V1__a.sql");
		Path jar = jar("lib.jar", MANIFEST, "db/migration/V2__b.sql");

		assertThatOnly(read(folder, jar), "db/migration/V1__a.sql", "db/migration/V2__b.sql");
	}

	@Test
	void aJarWithSomeDirectoryEntriesIsFoundIfNothingElseIs() throws IOException {
		Path jar = jar("lib.jar", "META-INF/", MANIFEST, "db/migration/V2__b.sql");

		assertThatOnly(read(jar), "db/migration/V2__b.sql");
	}

	@Test
	void jarsOfOtherThingsDoNotMakeTheLocationExist() throws IOException {
		Path jar = jar("lib.jar", MANIFEST, "db/migrations/V2__b.sql", "db/migration");

		assertThat(read(jar).problems()).extracting(Problem::code, Problem::isError)
			.containsExactly(org.assertj.core.groups.Tuple.tuple(ErrorCode.LOCATION_MISSING, true));
	}

	@Test
	void aFolderThatIsAFileInOneEntryIsReadFromTheOthers() throws IOException {
		Path file = folder("file", "db/migration");
		Path folder = folder("folder", "db/migration/V1__a.sql");

		assertThatOnly(read(file, folder), "db/migration/V1__a.sql");
	}

	@Test
	void aLinkThatLeadsNowhereIsUnreadable() throws IOException {
		Path folder = folder("folder", "db/migration/V1__a.sql");
		Files.createSymbolicLink(folder.resolve("db/migration/V2__b.sql"), this.root.resolve("gone"));

		Sources sources = read(folder);

		assertThat(sources.problems()).extracting(Problem::code).containsExactly(ErrorCode.FILE_UNREADABLE);
		assertThat(sources.problems().get(0).place()).hasToString("db/migration/V2__b.sql");
	}

	@Test
	void aFolderInBothKindsOfLocationCountsOnce() throws IOException {
		Path folder = folder("blåbær", "db/migration/V1__a.sql");
		try (URLClassLoader loader = new URLClassLoader(new URL[] { folder.toUri().toURL() }, null)) {
			List<Location> locations = List.of(Location.of(Location.DEFAULT),
					Location.of("filesystem:" + folder.resolve("db/migration")));
			assertThatOnly(
					new MigrationSource(new SourceSettings(locations, true, StandardCharsets.UTF_8, Naming.DEFAULT),
							loader)
						.read(),
					"db/migration/V1__a.sql");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "V2__b.sql", "V2__b b's æ %20 ! +.sql" })
	void aConfigurationIsHonouredInAFolderAndInAJar(String name) throws IOException {
		Path folder = folder("folder", "db/migration/V1__a.sql");
		Files.writeString(folder.resolve("db/migration/V1__a.sql.conf"), "executeInTransaction=false");
		Path jar = jar("lib!.jar", "db/", "db/migration/", "db/migration/" + name, "db/migration/" + name + ".conf");

		try (URLClassLoader loader = new URLClassLoader(new URL[] { folder.toUri().toURL(), jar.toUri().toURL() },
				null)) {
			Sources sources = new MigrationSource(SourceSettings.DEFAULT, loader).read();

			assertThat(sources.problems()).isEmpty();
			assertThat(sources.migrations()).extracting((migration) -> migration.load().directives().transaction())
				.containsExactly(false, false);
		}
	}

	@Test
	void aConfigurationInAnotherJarThanItsScriptIsAnError() throws IOException {
		Path folder = folder("folder", "db/migration/V1__a.sql");
		Path jar = jar("lib.jar", "db/", "db/migration/", "db/migration/V1__a.sql.conf");

		assertThat(read(folder, jar).problems()).extracting(Problem::code)
			.containsExactly(ErrorCode.SCRIPT_CONFIGURATION);
	}

}
