package dev.tidemark.author;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.Inverse;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.Sources;
import dev.tidemark.source.folder.Exclusions;
import dev.tidemark.source.format.FileName;
import dev.tidemark.source.format.Naming;
import dev.tidemark.source.format.TidemarkFormat;

/**
 * Makes the next migration file of a folder, with a name that is read as it is meant and
 * a version that is free.
 *
 * @since 0.1.0
 */
public final class Scaffold {

	private final Path folder;

	private final Naming naming;

	private final Charset encoding;

	private final Clock clock;

	private final Exclusions exclusions;

	/**
	 * Makes a scaffold.
	 * @param folder the folder of the sources that holds the migrations, such as
	 * {@code src/main/resources/db/migration}; it is made if it does not exist
	 * @param naming how files are named
	 * @param encoding the encoding of the files
	 * @param clock tells the time, for versions that are timestamps
	 */
	public Scaffold(Path folder, Naming naming, Charset encoding, Clock clock) {
		this(folder, naming, encoding, clock, Exclusions.NONE);
	}

	/**
	 * Makes a scaffold.
	 * @param folder the folder of the sources that holds the migrations; it is made if it
	 * does not exist
	 * @param naming how files are named
	 * @param encoding the encoding of the files
	 * @param clock tells the time, for versions that are timestamps
	 * @param exclusions which files below the folder are none of ours
	 */
	public Scaffold(Path folder, Naming naming, Charset encoding, Clock clock, Exclusions exclusions) {
		this.folder = folder;
		this.naming = naming;
		this.encoding = encoding;
		this.clock = clock;
		this.exclusions = exclusions;
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
		return versioned(Phase.EXPAND, description, scheme, gitRef);
	}

	/**
	 * Makes a file of a phase, above all that is there, with an example of what it may
	 * hold.
	 * @param phase when it runs
	 * @param description what it does, in words
	 * @param scheme how its version is found, or {@code null} to go on as the newest
	 * version began
	 * @param gitRef a branch or tag of git whose versions are taken too, or {@code null}
	 * @return the file
	 * @throws IOException if it cannot be written
	 * @throws TidemarkException if something is wrong with the files that are there, or
	 * git cannot be asked
	 * @throws IllegalArgumentException if the description has neither letters nor digits
	 */
	public Path versioned(Phase phase, String description, @Nullable VersionScheme scheme, @Nullable String gitRef)
			throws IOException {
		Stream<String> taken = files().migrations().stream().flatMap((file) -> spelled(file.identity(), file.script()));
		if (gitRef != null) {
			taken = Stream.concat(taken,
					ReleasedMigrations.atGitRef(gitRef, settings())
						.newest()
						.entrySet()
						.stream()
						.flatMap((file) -> spelled(file.getKey(), file.getValue().script())));
		}
		String newest = taken.max(Comparator.comparing(MigrationVersion::of)).orElse(null);
		VersionScheme chosen = (scheme != null) ? scheme
				: VersionScheme.of((newest != null) ? MigrationVersion.of(newest) : null);
		return write(file(this.naming.versionedPrefix() + chosen.after(newest, this.clock), description, phase),
				description, example(phase));
	}

	/** Of a contract nothing is to run that nobody has written. */
	private static String example(Phase phase) {
		return switch (phase) {
			case EXPAND -> "";
			case BACKFILL -> """
					-- tidemark: batch table=users by=id
					-- tidemark: verify "email_new IS NOT NULL"
					UPDATE users SET email_new = lower(email) WHERE {batch} AND email_new IS NULL;
					""";
			case CONTRACT -> "-- ALTER TABLE users DROP COLUMN email;\n";
		};
	}

	private Stream<String> spelled(Identity identity, String script) {
		return (identity.version() != null) ? Stream.of(this.naming.spelled(identity, script)) : Stream.empty();
	}

	/**
	 * Makes a file that runs again when its text changes.
	 * @param description its name, in words
	 * @return the file
	 * @throws IOException if it cannot be written, or a file of that name exists already
	 * @throws TidemarkException if something is wrong with the files that are there
	 * @throws IllegalArgumentException if the description has neither letters nor digits
	 */
	public Path repeatable(String description) throws IOException {
		Path file = file(this.naming.repeatablePrefix(), description);
		String name = file.getFileName().toString();
		if (new TidemarkFormat(this.naming).parse(name) instanceof FileName.Known made) {
			requireNone(files().migrations(), made.identity());
		}
		return write(file, description);
	}

	/** Two files of one identity are refused by the next start, wherever they lie. */
	private static void requireNone(List<Migration> files, Identity identity) throws IOException {
		for (Migration file : files) {
			if (file.identity().equals(identity)) {
				throw new FileAlreadyExistsException(file.script());
			}
		}
	}

	/**
	 * Makes a file that undoes a version, beside the others, with its description and
	 * what its statements tell of their inverse; that is for a person to read and
	 * correct.
	 * @param version the version, or {@code null} for the newest one
	 * @return the file
	 * @throws IOException if it cannot be written, or the version has one already
	 * @throws TidemarkException if something is wrong with the files that are there
	 * @throws IllegalArgumentException if there is no file of the version
	 */
	public Path undo(@Nullable MigrationVersion version) throws IOException {
		Sources files = files();
		Migration migration = existing(files, version);
		requireNone(files.undos(), migration.identity());
		Path name = Path.of(migration.script()).getFileName();
		Script script = migration.load();
		if (script.directives().irreversible() != null) {
			throw new IllegalArgumentException("Version " + migration.identity() + " has no way back, as " + name
					+ " says: " + script.directives().irreversible());
		}
		String inverse = Inverse.statements(script);
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
	 * @throws IOException if it cannot be written, or the version has one already
	 * @throws TidemarkException if something is wrong with the files that are there
	 * @throws IllegalArgumentException if there is no file of the version, or the
	 * description has neither letters nor digits
	 */
	public Path baseline(String description, @Nullable MigrationVersion version) throws IOException {
		Sources files = files();
		Migration migration = existing(files, version);
		requireNone(files.migrations(), new Identity.Baseline(version(migration).orElseThrow()));
		return write(
				file(this.naming.baselinePrefix() + this.naming.spelled(migration.identity(), migration.script()),
						description),
				description + ": the state up to " + migration.identity().inWords() + ", for new databases");
	}

	private Migration existing(Sources files, @Nullable MigrationVersion version) {
		return files.migrations()
			.stream()
			.filter((file) -> version(file).filter((own) -> version == null || own.equals(version)).isPresent())
			.max(Comparator.comparing(Migration::identity))
			.orElseThrow(() -> new IllegalArgumentException("There is no file "
					+ ((version != null) ? "of version " + version : "with a version") + " in " + this.folder));
	}

	private SourceSettings settings() {
		return new SourceSettings(List.of(new Location(Location.Kind.FILESYSTEM, this.folder.toString())), false,
				this.encoding, this.naming, Placeholders.AS_WRITTEN, null, this.exclusions);
	}

	/** A version that a misnamed file was meant to have would not be seen as taken. */
	private Sources files() {
		Sources sources = new MigrationSource(settings()).read();
		List<Problem> errors = sources.problems().stream().filter(Problem::isError).toList();
		if (!errors.isEmpty()) {
			throw new TidemarkException(errors);
		}
		return sources;
	}

	private static Optional<MigrationVersion> version(Migration migration) {
		return migration.identity().isVersioned() ? Optional.ofNullable(migration.identity().version())
				: Optional.empty();
	}

	private Path file(String beginning, String description) {
		return file(beginning, description, Phase.EXPAND);
	}

	private Path file(String beginning, String description, Phase phase) {
		String words = Normalizer.normalize(description, Normalizer.Form.NFC)
			.replaceAll("[^\\p{L}\\p{M}\\p{N}-]+", "_")
			.replaceAll("^[_-]+|[_-]+$", "");
		if (words.isEmpty()) {
			throw new IllegalArgumentException("'" + description + "' does not say in letters or digits what it does");
		}
		return this.folder
			.resolve(beginning + this.naming.separator() + words + phase.ending() + this.naming.suffixes().get(0));
	}

	private Path write(Path file, String comment) throws IOException {
		return write(file, comment, "");
	}

	private Path write(Path file, String comment, String sql) throws IOException {
		// What begins so would be read as a directive.
		String words = Normalizer.normalize(comment.strip(), Normalizer.Form.NFC)
			.replaceAll("\\R", " ")
			.replaceFirst("(?i)^(tidemark)\\s*:\\s*", "$1 ");
		Files.createDirectories(file.toAbsolutePath().getParent());
		try {
			return Files.writeString(file, "-- " + words + "\n" + sql, this.encoding, StandardOpenOption.CREATE_NEW);
		}
		catch (CharacterCodingException ex) {
			throw new IllegalArgumentException("'" + words + "' cannot be written in " + this.encoding, ex);
		}
	}

}
