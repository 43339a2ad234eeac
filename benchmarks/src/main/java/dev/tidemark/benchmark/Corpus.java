package dev.tidemark.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.benchmark.contestant.VersionOrder;

/**
 * A set of migrations, made or read when it is first needed.
 */
final class Corpus {

	private final String name;

	private final Supplier<List<MigrationFile>> source;

	private @Nullable List<MigrationFile> files;

	private Corpus(String name, Supplier<List<MigrationFile>> source) {
		this.name = name;
		this.source = source;
	}

	/**
	 * Returns migrations like those of a service that grows: the first hundred are the
	 * same in a corpus of a hundred and in one of ten thousand.
	 * @param count how many
	 * @return the migrations
	 */
	static Corpus generated(int count) {
		return new Corpus("generated-" + count,
				() -> IntStream.rangeClosed(1, count).mapToObj(GeneratedMigration::file).toList());
	}

	/**
	 * Returns one migration that fills a table.
	 * @param megabytes how big it is
	 * @return the migration
	 */
	static Corpus huge(int megabytes) {
		return new Corpus("huge-" + megabytes, () -> List.of(GeneratedMigration.hugeFile(megabytes)));
	}

	/**
	 * Returns somebody's migrations, named as Flyway wants it.
	 * @param directory where they are, in sub-folders too
	 * @return the migrations, in the order of their versions
	 */
	static Corpus directory(Path directory) {
		return new Corpus("directory", () -> {
			try (Stream<Path> paths = Files.walk(directory)) {
				List<MigrationFile> files = new ArrayList<>();
				for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
					String name = path.getFileName().toString();
					if (name.matches("(V.+|R)__.*\\.sql")) {
						files.add(new MigrationFile(name, Files.readAllBytes(path)));
					}
				}
				files.sort(Comparator.comparing(MigrationFile::name, new VersionOrder()));
				return files;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	/**
	 * Returns what tells it from others.
	 * @return a name that can stand in the name of a file
	 */
	String name() {
		return this.name;
	}

	List<MigrationFile> files() {
		List<MigrationFile> files = this.files;
		if (files == null) {
			files = this.source.get();
			this.files = files;
		}
		return files;
	}

}
