package dev.tidemark.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Checksum;
import dev.tidemark.source.folder.ClassPathFolder;
import dev.tidemark.source.folder.Exclusions;
import dev.tidemark.source.folder.Folder;
import dev.tidemark.source.folder.FolderIndex;
import dev.tidemark.source.folder.SourceFile;
import dev.tidemark.source.folder.TextReader;

/**
 * Takes the checksums of migration files when an application is built, so that its starts
 * need not read files that are applied. The index lies beside the files, and a start that
 * finds a file changed, added or gone goes by the file.
 *
 * @since 0.1.0
 */
public final class IndexWriter {

	private static final TextReader reader = new TextReader(FolderIndex.ENCODING, "tidemark.files.encoding");

	private static final String EXCLUDE = "--exclude=";

	private IndexWriter() {
	}

	/**
	 * Writes an index into each of the given folders.
	 * @param arguments paths of folders, as {@code build/resources/main/db/migration},
	 * and before them what the application excludes, as {@code --exclude=rollback/**}
	 * @throws IOException if one of them is no folder, cannot be read or written to
	 */
	public static void main(String... arguments) throws IOException {
		Exclusions exclusions = Exclusions.NONE;
		for (String argument : arguments) {
			if (argument.startsWith(EXCLUDE)) {
				exclusions = Exclusions.of(argument.substring(EXCLUDE.length()).split(","));
			}
			else {
				write(Path.of(argument), exclusions);
			}
		}
	}

	/**
	 * Writes the index of a folder, with all below it, into the folder. Files that are
	 * put there or changed later are read by each start.
	 * @param folder the folder, such as {@code target/classes/db/migration}
	 * @return the file that was written
	 * @throws IOException if it is no folder, cannot be read or written to
	 */
	public static Path write(Path folder) throws IOException {
		return write(folder, Exclusions.NONE);
	}

	/**
	 * Writes the index of a folder, with all below it, into the folder.
	 * @param folder the folder, such as {@code target/classes/db/migration}
	 * @param exclusions which files below it are none of ours, and not in the index
	 * @return the file that was written
	 * @throws IOException if it is no folder, cannot be read or written to
	 */
	public static Path write(Path folder, Exclusions exclusions) throws IOException {
		Folder files = Folder.read(folder, "").without(exclusions, "", (unused) -> {
		});
		if (!files.exists()) {
			throw new NotDirectoryException(folder.toString());
		}
		return Files.writeString(folder.resolve(FolderIndex.NAME), text(files, ""));
	}

	/**
	 * Returns the index of a class path location with the files of all class path entries
	 * that have a part of it, as a native image needs it, which holds them all together.
	 * @param location a location on the class path
	 * @param classLoader what finds it
	 * @return the text of the index, or {@code null} if the location does not exist
	 * @throws IOException if a file cannot be read
	 */
	public static @Nullable String text(Location location, ClassLoader classLoader) throws IOException {
		Folder files = new ClassPathFolder(classLoader, location.path()).read();
		return files.exists() ? text(files, location.path()) : null;
	}

	/**
	 * Returns where the index of a class path location belongs.
	 * @param location a location on the class path
	 * @return the path from the root of the class path entry
	 */
	public static String path(Location location) {
		return location.path() + "/" + FolderIndex.NAME;
	}

	private static String text(Folder folder, String name) throws IOException {
		Map<String, String> lines = new TreeMap<>();
		for (SourceFile file : folder.files()) {
			String path = file.script().substring(name.length() + 1);
			// A name with a line end would need a format of its own.
			if (!path.equals(FolderIndex.NAME) && path.indexOf('\n') < 0) {
				String line = line(path, file);
				lines.put(path + "\n" + line, line);
			}
		}
		return FolderIndex.text(lines.values());
	}

	private static String line(String path, SourceFile file) throws IOException {
		byte[] bytes;
		try (InputStream in = file.content().getInputStream()) {
			bytes = in.readAllBytes();
		}
		CRC32 crc = new CRC32();
		crc.update(bytes);
		return FolderIndex.line(path, bytes.length, crc.getValue(), checksum(bytes, file.script()));
	}

	/** A file that is no text in UTF-8 is left to the start, which tells of it. */
	private static @Nullable Checksum checksum(byte[] bytes, String script) {
		try {
			return reader.read(() -> new ByteArrayInputStream(bytes), script, null);
		}
		catch (TidemarkException ex) {
			if (ex.code() != ErrorCode.FILE_ENCODING) {
				throw ex;
			}
			return null;
		}
	}

}
