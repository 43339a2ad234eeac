package dev.tidemark.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;

/**
 * Makes the next migration file of a folder, with a name that is read as it is meant and
 * a version that is free.
 */
public final class Scaffold {

	private final Path folder;

	private final Naming naming;

	private final Clock clock;

	/**
	 * Makes a scaffold.
	 * @param folder the folder of the sources that holds the migrations, such as
	 * {@code src/main/resources/db/migration}; it is made if it does not exist
	 * @param naming how files are named
	 * @param clock tells the time, for versions that are timestamps
	 */
	public Scaffold(Path folder, Naming naming, Clock clock) {
		this.folder = folder;
		this.naming = naming;
		this.clock = clock;
	}

	/**
	 * Makes a file that runs once, above all that is there.
	 * @param description what it does, in words
	 * @param scheme how its version is found, or {@code null} to go on as the newest
	 * version began
	 * @param gitRef a branch or tag of git whose versions are taken too, such as
	 * {@code origin/main}, or {@code null}
	 * @return the file
	 * @throws IOException if it cannot be written
	 * @throws TidemarkException if something is wrong with the files that are there, or
	 * git cannot be asked
	 * @throws IllegalArgumentException if the description has neither letters nor digits
	 */
	public Path versioned(String description, @Nullable VersionScheme scheme, @Nullable String gitRef)
			throws IOException {
		List<Migration> files = files();
		Set<MigrationVersion> taken = new HashSet<>();
		files.stream().flatMap((file) -> Stream.ofNullable(file.identity().version())).forEach(taken::add);
		if (gitRef != null) {
			taken.addAll(Release.atGitRef(gitRef, settings()).versions());
		}
		MigrationVersion newest = taken.stream().max(Comparator.naturalOrder()).orElse(null);
		VersionScheme chosen = (scheme != null) ? scheme : VersionScheme.of(newest);
		String version = padded(chosen.after(newest, this.clock), files);
		return write(file(this.naming.versionedPrefix() + version, description), description);
	}

	/**
	 * Makes a file that runs again when its text changes.
	 * @param description its name, in words
	 * @return the file
	 * @throws IOException if it cannot be written, or exists already
	 * @throws IllegalArgumentException if the description has neither letters nor digits
	 */
	public Path repeatable(String description) throws IOException {
		return write(file(this.naming.repeatablePrefix(), description), description);
	}

	/**
	 * Makes a file that undoes a version, beside the others, with its description and
	 * what its statements tell of their inverse; that is for a person to read and
	 * correct.
	 * @param version the version, or {@code null} for the newest one
	 * @return the file
	 * @throws IOException if it cannot be written, or exists already
	 * @throws TidemarkException if something is wrong with the files that are there
	 * @throws IllegalArgumentException if there is no file of the version
	 */
	public Path undo(@Nullable MigrationVersion version) throws IOException {
		Migration migration = existing(version);
		Path name = Path.of(migration.script()).getFileName();
		String inverse = Inverse.statements(migration.load());
		return write(Path.of(migration.undoScript()),
				"Undoes " + migration.identity().inWords() + ": " + migration.description()
						+ (inverse.isEmpty() ? "" : ". Derived from " + name + ": read and correct it."),
				inverse);
	}

	/**
	 * Makes a file that new databases begin with, instead of the versions up to one.
	 * @param description what it holds, in words
	 * @param version the version, or {@code null} for the newest one
	 * @return the file
	 * @throws IOException if it cannot be written, or exists already
	 * @throws TidemarkException if something is wrong with the files that are there
	 * @throws IllegalArgumentException if there is no file of the version, or the
	 * description has neither letters nor digits
	 */
	public Path baseline(String description, @Nullable MigrationVersion version) throws IOException {
		Migration migration = existing(version);
		return write(file(this.naming.baselinePrefix() + rawVersion(migration), description),
				description + ": the state up to " + migration.identity().inWords() + ", for new databases");
	}

	private Migration existing(@Nullable MigrationVersion version) {
		return files().stream()
			.filter((file) -> version(file).filter((own) -> version == null || own.equals(version)).isPresent())
			.max(Comparator.comparing(Migration::identity))
			.orElseThrow(() -> new IllegalArgumentException("There is no file "
					+ ((version != null) ? "of version " + version : "with a version") + " in " + this.folder));
	}

	private SourceSettings settings() {
		return new SourceSettings(List.of(new Location(Location.Kind.FILESYSTEM, this.folder.toString())), false,
				SourceSettings.DEFAULT.encoding(), this.naming, Placeholders.AS_WRITTEN);
	}

	/** A version that a misnamed file was meant to have would not be seen as taken. */
	private List<Migration> files() {
		Sources sources = new MigrationSource(settings()).read();
		List<Problem> errors = sources.problems().stream().filter(Problem::isError).toList();
		if (!errors.isEmpty()) {
			throw new TidemarkException(errors);
		}
		return sources.migrations();
	}

	private static Optional<MigrationVersion> version(Migration migration) {
		return (migration.identity() instanceof Identity.Versioned versioned) ? Optional.of(versioned.version())
				: Optional.empty();
	}

	/** Where the newest file has leading zeros, the next one is as long. */
	private String padded(MigrationVersion version, List<Migration> files) {
		String text = version.toString();
		String newest = files.stream()
			.filter((file) -> version(file).isPresent())
			.max(Comparator.comparing(Migration::identity))
			.map(this::rawVersion)
			.orElse("");
		boolean padded = newest.startsWith("0") && newest.matches("\\d+") && text.matches("\\d+");
		return padded ? "0".repeat(Math.max(0, newest.length() - text.length())) + text : text;
	}

	private String rawVersion(Migration migration) {
		String name = migration.script().substring(migration.script().lastIndexOf('/') + 1);
		int start = this.naming.versionedPrefix().length();
		int end = name.indexOf(this.naming.separator(), start);
		return (end >= 0) ? name.substring(start, end) : migration.identity().toString();
	}

	private Path file(String beginning, String description) {
		String words = description.replaceAll("[^\\p{L}\\p{N}-]+", "_").replaceAll("^[_-]+|[_-]+$", "");
		if (words.isEmpty()) {
			throw new IllegalArgumentException("'" + description + "' does not say in letters or digits what it does");
		}
		return this.folder.resolve(beginning + this.naming.separator() + words + this.naming.suffixes().get(0));
	}

	private static Path write(Path file, String comment) throws IOException {
		return write(file, comment, "");
	}

	private static Path write(Path file, String comment, String sql) throws IOException {
		Files.createDirectories(file.toAbsolutePath().getParent());
		return Files.writeString(file, "-- " + comment.strip().replaceAll("\\R", " ") + "\n" + sql,
				StandardOpenOption.CREATE_NEW);
	}

}
