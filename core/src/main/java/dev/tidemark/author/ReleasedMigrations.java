package dev.tidemark.author;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.migration.ReleasedVersions;
import dev.tidemark.source.Location;
import dev.tidemark.source.SourceFolders;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.Sources;

/**
 * The versioned migrations and baseline files that are released: a branch may add to
 * them, and change nothing.
 *
 * @param name what people call the release, such as the name of a branch
 * @param newest the files of the release
 * @param begun those of them that the branch began with, which may be fewer if the
 * release has gone on since
 * @param covered the version up to which a baseline stands for all files, those that are
 * not among the others included, or {@code null}
 * @since 0.1.0
 */
public record ReleasedMigrations(String name, Map<Identity, ReleasedFile> newest, Map<Identity, ReleasedFile> begun,
		@Nullable MigrationVersion covered) implements ReleasedVersions {

	/** Nothing is released yet, or it is not to be compared with. */
	public static final ReleasedMigrations NONE = new ReleasedMigrations("nothing", Map.of(), Map.of(), null);

	/** The branch that others build upon, as clones know it. */
	private static final List<String> DEFAULT_BRANCHES = List.of("origin/HEAD", "origin/main", "origin/master");

	/** Stands for a checksum in a list. */
	private static final String ANY_TEXT = "-";

	/** Copies the maps. */
	public ReleasedMigrations {
		newest = Map.copyOf(newest);
		begun = Map.copyOf(begun);
	}

	/**
	 * Reads what a branch, tag or commit of git has in the folders, by the {@code git} of
	 * this machine. Nothing is fetched or checked out. Of a folder that is not there,
	 * what has moved from a folder that is gone now counts.
	 * @param ref the branch, tag or commit, such as {@code origin/main}
	 * @param settings the folders, which lie in a working tree, and how files are read
	 * @return the release
	 * @throws TidemarkException if git cannot be asked or does not know the name, or the
	 * history of the clone does not reach back far enough
	 * @throws IllegalArgumentException if a location is on the class path
	 */
	public static ReleasedMigrations atGitRef(String ref, SourceSettings settings) {
		Map<Identity, ReleasedFile> newest = new HashMap<>();
		Map<Identity, ReleasedFile> begun = new HashMap<>();
		for (Location location : settings.locations()) {
			if (location.kind() != Location.Kind.FILESYSTEM) {
				throw new IllegalArgumentException(
						"'" + location + "' must be a folder of the sources: git does not know the class path");
			}
			ReleasedFolder folder = new ReleasedFolder(location, settings);
			String commit = folder.git().commit(ref);
			newest.putAll(files(folder.read(commit)));
			begun.putAll(files(folder.read(folder.git().commonAncestor(commit, ref))));
		}
		return new ReleasedMigrations(ref, newest, begun, null);
	}

	/**
	 * Reads what a branch, tag or commit of git has in the folders that a build was made
	 * from: those of the file system, and for the class path the resources of the module
	 * that it was built from.
	 * @param ref the branch, tag or commit; {@code null} for the branch that others build
	 * upon: the default branch of {@code origin}, or what is called so mostly
	 * @param settings the locations, and how files are read
	 * @return the release
	 * @throws TidemarkException if git cannot be asked, or does not know the name, or it
	 * is not known what the class path was built from
	 */
	public static ReleasedMigrations ofSources(@Nullable String ref, SourceSettings settings) {
		ClassLoader loader = Thread.currentThread().getContextClassLoader();
		SourceFolders folders = new SourceFolders(
				(loader != null) ? loader : ReleasedMigrations.class.getClassLoader());
		SourceSettings sources = new SourceSettings(
				settings.locations().stream().flatMap((location) -> folders.of(location).stream()).toList(), true,
				settings.encoding(), settings.naming(), Placeholders.AS_WRITTEN, null, settings.exclusions());
		if (ref != null) {
			return atGitRef(ref, sources);
		}
		for (String branch : DEFAULT_BRANCHES) {
			if (isKnown(branch, sources)) {
				return atGitRef(branch, sources);
			}
		}
		throw new TidemarkException(Problem.error(ErrorCode.RELEASE_UNKNOWN, null,
				"Git knows none of " + String.join(", ", DEFAULT_BRANCHES) + " here.",
				"Fetch the branch that others build upon, or name another one."));
	}

	private static boolean isKnown(String branch, SourceSettings sources) {
		return new Git(Path.of(sources.locations().get(0).path())).knows(branch);
	}

	/**
	 * Makes a release of all versions up to one.
	 * @param version the newest version that is released, 0 if none is
	 * @return the release
	 */
	public static ReleasedMigrations upTo(MigrationVersion version) {
		return new ReleasedMigrations("all up to version " + version, Map.of(), Map.of(), version);
	}

	@Override
	public boolean has(Identity migration) {
		MigrationVersion version = migration.version();
		return version != null && (this.newest.containsKey(migration)
				|| (this.covered != null && version.compareTo(this.covered) <= 0));
	}

	@Override
	public boolean isOfVersions() {
		return this.covered != null && this.newest.isEmpty();
	}

	private static Map<Identity, ReleasedFile> files(Sources sources) {
		Map<Identity, ReleasedFile> files = new HashMap<>();
		for (Migration migration : sources.migrations()) {
			Checksum checksum = migration.checksum();
			if (migration.identity().version() != null && checksum != null) {
				files.put(migration.identity(), new ReleasedFile(migration.script(), checksum.value()));
			}
		}
		return files;
	}

	/**
	 * Returns the versions that are taken: those of migrations, and those that baseline
	 * files reach.
	 * @return the versions
	 */
	public Set<MigrationVersion> versions() {
		return this.newest.keySet()
			.stream()
			.flatMap((identity) -> Stream.ofNullable(identity.version()))
			.collect(Collectors.toSet());
	}

	/**
	 * Reads a list: a line for each version, which has the version, a blank and its
	 * checksum, as the history has them; {@code -} instead of a checksum if the file may
	 * have any text. A baseline is written {@code B42}: everything up to it counts as
	 * released. Empty lines, and lines that begin with {@code #}, say nothing.
	 * @param list the file, in UTF-8
	 * @return the release
	 * @throws TidemarkException if the file cannot be read or has another line
	 */
	public static ReleasedMigrations listed(Path list) {
		Map<Identity, ReleasedFile> files = new HashMap<>();
		List<String> lines = lines(list);
		for (int i = 0; i < lines.size(); i++) {
			String line = lines.get(i).strip();
			if (!line.isEmpty() && !line.startsWith("#")) {
				String[] words = line.split("\\s+");
				Identity identity = Identity.of(words[0]);
				boolean any = words.length == 2 && words[1].equals(ANY_TEXT);
				if (words.length != 2 || identity.version() == null || !any && words[1].indexOf(':') < 0) {
					throw unknown(Place.position(list.toString(), i + 1, 1),
							"The line is not a version and a checksum with its algorithm.",
							"Correct it, as in: 7 sha256:8c814f57… or B42 - for all up to a baseline. Lines that "
									+ "begin with # are comments.");
				}
				files.put(identity, new ReleasedFile(identity.inWords(), any ? null : words[1]));
			}
		}
		MigrationVersion covered = files.keySet()
			.stream()
			.filter(Identity::isBaseline)
			.flatMap((baseline) -> Stream.ofNullable(baseline.version()))
			.max(Comparator.naturalOrder())
			.orElse(null);
		return new ReleasedMigrations(list.toString(), files, files, covered);
	}

	private static List<String> lines(Path list) {
		try {
			return Files.readAllLines(list);
		}
		catch (IOException ex) {
			boolean text = !(ex instanceof MalformedInputException);
			throw unknown(Place.file(list.toString()),
					text ? "The list of released migrations cannot be read: " + ex.getClass().getSimpleName() + "."
							: "The list of released migrations is not valid UTF-8.",
					"Name a text file that this process may read.");
		}
	}

	private static TidemarkException unknown(Place place, String what, String remedy) {
		return new TidemarkException(Problem.error(ErrorCode.RELEASE_UNKNOWN, place, what, remedy));
	}

}
