package dev.tidemark.source;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A place that is searched for migration files, with all its folders.
 *
 * @param kind where it lies
 * @param path the folder, with {@code /} and without one at its end
 * @since 0.1.0
 */
public record Location(Kind kind, String path) {

	/** The location that is searched if none is configured. */
	public static final String DEFAULT = "classpath:db/migration";

	/**
	 * Where a location lies.
	 *
	 * @since 0.1.0
	 */
	public enum Kind {

		/** In folders and jars of the class path. */
		CLASSPATH,

		/** In a folder of the file system. */
		FILESYSTEM

	}

	/**
	 * Reads a location: {@code classpath:path}, {@code filesystem:path}, or a bare path,
	 * which lies on the class path. {@code {vendor}} stands for {@code postgresql}.
	 * @param text the location
	 * @return the location
	 * @throws IllegalArgumentException if the path is empty or impossible, or the prefix
	 * unknown
	 */
	public static Location of(String text) {
		String path = text.strip().replace("{vendor}", "postgresql").replace('\\', '/');
		Kind kind = Kind.CLASSPATH;
		int colon = path.indexOf(':');
		if (colon > 1) {
			kind = switch (path.substring(0, colon).toLowerCase(Locale.ROOT)) {
				case "classpath" -> Kind.CLASSPATH;
				case "filesystem" -> Kind.FILESYSTEM;
				default -> throw new IllegalArgumentException(
						"'" + text + "' is not a location: it must begin with classpath: or filesystem:");
			};
			path = path.substring(colon + 1);
		}
		while (kind == Kind.CLASSPATH && path.startsWith("/")) {
			path = path.substring(1);
		}
		while (path.length() > 1 && path.endsWith("/")) {
			path = path.substring(0, path.length() - 1);
		}
		if (path.isEmpty()) {
			throw new IllegalArgumentException("'" + text + "' is not a location: the path is empty");
		}
		if (kind == Kind.FILESYSTEM) {
			try {
				Path unused = Path.of(path);
			}
			catch (InvalidPathException ex) {
				throw new IllegalArgumentException("'" + text + "' is not a location: " + ex.getReason(), ex);
			}
		}
		return new Location(kind, path);
	}

	/** Returns the form that {@link #of(String)} reads. */
	@Override
	public String toString() {
		return this.kind.name().toLowerCase(Locale.ROOT) + ":" + this.path;
	}

}
