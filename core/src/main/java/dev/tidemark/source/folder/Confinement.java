package dev.tidemark.source.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * The folder that what is read must lie in, wherever links and {@code ..} lead.
 *
 * @since 0.1.0
 */
public final class Confinement {

	/** Lets everything be read. */
	static final Confinement NONE = new Confinement(null);

	private final @Nullable Path root;

	private Confinement(@Nullable Path root) {
		this.root = root;
	}

	/**
	 * Makes a confinement.
	 * @param root the folder, or {@code null} for none
	 * @return the confinement
	 * @throws IOException if the folder does not exist
	 */
	public static Confinement to(@Nullable Path root) throws IOException {
		return (root != null) ? new Confinement(root.toRealPath()) : NONE;
	}

	/**
	 * Tells whether a file or folder really lies in the folder.
	 * @param path its path
	 * @return {@code false} if it lies outside; a link that leads nowhere does not
	 * @throws IOException if that cannot be found out
	 */
	boolean holds(Path path) throws IOException {
		try {
			return this.root == null || path.toRealPath().startsWith(this.root);
		}
		catch (NoSuchFileException ex) {
			return true;
		}
	}

	/**
	 * Opens a file where it really lies, so that a link that was turned since it was
	 * checked leads nowhere else. One that is turned between the two steps of this method
	 * is not seen.
	 * @param path its path
	 * @return what it holds
	 * @throws IOException if it lies outside, or cannot be read
	 */
	InputStream open(Path path) throws IOException {
		if (this.root == null) {
			return Files.newInputStream(path);
		}
		Path real = path.toRealPath();
		if (!real.startsWith(this.root)) {
			throw new AccessDeniedException(path.toString());
		}
		return Files.newInputStream(real);
	}

}
