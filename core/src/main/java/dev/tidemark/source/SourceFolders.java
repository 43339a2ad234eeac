package dev.tidemark.source;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.secret.Secrets;

/**
 * The folders of the sources that a build has copied to the class path. Maven, Gradle and
 * development environments copy to different places, all of them below the module.
 *
 * @since 0.1.0
 */
public final class SourceFolders {

	private static final List<String> RESOURCES = List.of("src/main/resources", "src/test/resources");

	private final ClassLoader classLoader;

	public SourceFolders(ClassLoader classLoader) {
		this.classLoader = classLoader;
	}

	/**
	 * Finds the folders of the sources.
	 * @param location a location
	 * @return the folders; a location of the file system is its own source
	 * @throws TidemarkException if there is none
	 */
	public List<Location> of(Location location) {
		if (location.kind() == Location.Kind.FILESYSTEM) {
			return List.of(location);
		}
		Set<Path> folders = new LinkedHashSet<>();
		try {
			for (URL root : Collections.list(this.classLoader.getResources(location.path() + "/"))) {
				if (!root.getProtocol().equals("file")) {
					throw new TidemarkException(
							Problem.error(ErrorCode.RELEASE_UNKNOWN, Place.file(location.toString()),
									"Some of these files come out of an archive, which git cannot be asked about: "
											+ Secrets.mask(root.toString()) + ".",
									"Say by versions what is released."));
				}
				if (!add(Path.of(root.toURI()), location.path(), folders)) {
					throw unknown(location);
				}
			}
		}
		catch (IOException | URISyntaxException | InvalidPathException ex) {
			throw unknown(location);
		}
		if (folders.isEmpty()) {
			throw unknown(location);
		}
		return folders.stream().map((folder) -> Location.of("filesystem:" + folder)).toList();
	}

	/**
	 * Adds where a copy comes from. The nearest module is the one that was built.
	 * @return whether there is such a folder
	 */
	private static boolean add(Path copy, String path, Set<Path> folders) {
		boolean found = false;
		for (Path parent = copy; parent != null && !found; parent = parent.getParent()) {
			for (String resources : RESOURCES) {
				Path folder = parent.resolve(resources).resolve(path);
				if (Files.isDirectory(folder)) {
					folders.add(folder);
					found = true;
				}
			}
		}
		return found;
	}

	private static TidemarkException unknown(Location location) {
		return new TidemarkException(Problem.error(ErrorCode.RELEASE_UNKNOWN, Place.file(location.toString()),
				"No folder of sources, such as src/main/resources/" + location.path()
						+ ", was found that the class path was built from, so git cannot be asked about it.",
				"Start from the class path of a build in its working tree."));
	}

}
