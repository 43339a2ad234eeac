package dev.tidemark.author;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.tidemark.migration.Migration;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.Sources;
import dev.tidemark.source.folder.Folder;
import dev.tidemark.source.format.FileFormat;
import dev.tidemark.source.format.FileName;
import dev.tidemark.source.format.TidemarkFormat;

/**
 * A folder of migrations as commits of git have it.
 */
final class ReleasedFolder {

	private final Location location;

	private final MigrationSource source;

	private final FileFormat format;

	private final Git git;

	/**
	 * Makes a folder.
	 * @param location the folder in the working tree, in which it need not exist
	 * @param settings how files are read
	 */
	ReleasedFolder(Location location, SourceSettings settings) {
		this.location = location;
		this.source = new MigrationSource(settings);
		this.format = new TidemarkFormat(settings.naming());
		this.git = new Git(Path.of(location.path()));
	}

	Git git() {
		return this.git;
	}

	/**
	 * Reads what a commit has in the folder. If it does not have the folder, the files
	 * may have come from another one that is gone now: the one in which most of them
	 * were. That nothing is to be compared would be no answer then.
	 */
	Sources read(String commit) {
		GitTree tree = new GitTree(this.git, commit);
		Folder folder = tree.read(this.git.path(), this.location.path(), (path) -> true);
		return folder.exists() ? this.source.read(folder, this.location.path()) : moved(tree);
	}

	private Sources moved(GitTree tree) {
		List<Migration> now = now();
		Path top = this.git.top();
		Set<String> gone = tree.paths()
			.filter((path) -> isWanted(path) && !exists(top, path))
			.collect(Collectors.toSet());
		return gone.stream()
			.flatMap(ReleasedFolder::folders)
			.distinct()
			.map((path) -> candidate(path, tree.read(path, path, gone::contains), now))
			.filter((candidate) -> candidate.shared() > 0)
			.max(Comparator.comparingLong(Candidate::shared).thenComparing((candidate) -> candidate.path().length()))
			.map(Candidate::sources)
			.orElseGet(() -> this.source.read(new Folder(false, List.of()), ""));
	}

	private List<Migration> now() {
		try {
			Path path = Path.of(this.location.path());
			return this.source.read(Folder.read(path, this.location.path()), this.location.path()).migrations();
		}
		catch (IOException ex) {
			// The check of the files themselves tells it.
			return List.of();
		}
	}

	private boolean isWanted(String path) {
		return this.format.isConfiguration(path)
				|| (this.format.parse(path) instanceof FileName.Known known && known.identity().version() != null);
	}

	private static boolean exists(Path top, String path) {
		try {
			return Files.exists(top.resolve(path));
		}
		catch (InvalidPathException ex) {
			return false;
		}
	}

	/** Returns the folder of a file, the one of the folder and so on. */
	private static Stream<String> folders(String path) {
		return Stream
			.iterate(path, (each) -> each.indexOf('/') >= 0, (each) -> each.substring(0, each.lastIndexOf('/')))
			.map((each) -> each.substring(0, each.lastIndexOf('/')));
	}

	private Candidate candidate(String path, Folder folder, List<Migration> now) {
		Sources sources = this.source.read(folder, path);
		Set<Object> released = sources.migrations().stream().flatMap(ReleasedFolder::signs).collect(Collectors.toSet());
		return new Candidate(path, sources,
				now.stream().filter((file) -> signs(file).anyMatch(released::contains)).count());
	}

	/** One that was edited on the way has its name still, or one renamed its text. */
	private static Stream<Object> signs(Migration file) {
		return Stream.of(name(file.script()), List.of(file.identity(), String.valueOf(file.checksum())));
	}

	private static String name(String path) {
		return path.substring(path.lastIndexOf('/') + 1);
	}

	/**
	 * A folder that the files may have come from.
	 *
	 * @param path its path in the repository
	 * @param sources what it held
	 * @param shared how many files of now were in it
	 */
	private record Candidate(String path, Sources sources, long shared) {
	}

}
