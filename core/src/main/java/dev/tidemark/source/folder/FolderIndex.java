package dev.tidemark.source.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import org.springframework.core.io.InputStreamSource;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.migration.Checksum;

/**
 * The checksums of the files of a folder, taken when the application was built. It lies
 * in the folder itself and goes wherever that goes.
 * <p>
 * It saves reading and is never what decides: a checksum counts only for a file of the
 * very path, size and CRC-32 that it was taken of, and an index that is not wholly as it
 * was written does not count at all.
 *
 * @since 0.1.0
 */
public final class FolderIndex {

	/** The name of the index in its folder. */
	public static final String NAME = "tidemark.index";

	/** The encoding of the files that have a checksum, and of the index itself. */
	public static final Charset ENCODING = StandardCharsets.UTF_8;

	/** An index that knows no file. */
	static final FolderIndex NONE = new FolderIndex(Map.of());

	private static final Logger logger = PlainLogger.of(FolderIndex.class);

	private static final String HEAD = "tidemark-index 1\n";

	private static final String TAIL = "end ";

	private static final String NO_CHECKSUM = "-";

	/** The checksum of each file; the key is the rest of its line. */
	private final Map<String, String> checksums;

	private FolderIndex(Map<String, String> checksums) {
		this.checksums = checksums;
	}

	/**
	 * Returns a text that {@link #parse(byte[], String)} reads.
	 * @param lines the lines that {@link #line} makes, in order
	 * @return the text
	 */
	public static String text(Iterable<String> lines) {
		String body = HEAD + String.join("", lines);
		byte[] bytes = body.getBytes(ENCODING);
		return body + tail(bytes, bytes.length);
	}

	/**
	 * Returns the line of a file.
	 * @param path its path below the folder, without line ends
	 * @param size its size in bytes
	 * @param crc the CRC-32 of its bytes
	 * @param checksum its checksum, or {@code null} if it is no text in UTF-8
	 * @return the line
	 */
	public static String line(String path, long size, long crc, @Nullable Checksum checksum) {
		return ((checksum != null) ? checksum.value() : NO_CHECKSUM) + " " + key(path, size, crc) + "\n";
	}

	private static String key(String path, long size, long crc) {
		return Long.toHexString(crc) + " " + size + " " + path;
	}

	private static String tail(byte[] bytes, int length) {
		CRC32 crc = new CRC32();
		crc.update(bytes, 0, length);
		return TAIL + Long.toHexString(crc.getValue()) + "\n";
	}

	/**
	 * Reads an index. One that cannot be read, was edited, cut off or written by another
	 * version counts as if it were not there, which the log tells.
	 * @param content what it is read from
	 * @param name the name that people know it by
	 * @return the index
	 */
	static FolderIndex read(InputStreamSource content, String name) {
		try (InputStream in = content.getInputStream()) {
			return parse(in.readAllBytes(), name);
		}
		catch (IOException ex) {
			return unusable(name, "cannot be read (" + ex.getClass().getSimpleName() + ")");
		}
	}

	static FolderIndex parse(byte[] bytes, String name) {
		String text = new String(bytes, ENCODING);
		if (!text.startsWith(HEAD)) {
			return unusable(name, "is no index that this version of Tidemark can read");
		}
		int end = text.lastIndexOf('\n', text.length() - 2) + 1;
		String tail = text.substring(end);
		if (!tail.equals(tail(bytes, bytes.length - tail.length()))) {
			return unusable(name, "was changed after it had been written");
		}
		Map<String, String> checksums = new HashMap<>();
		int line = HEAD.length();
		while (line < end) {
			int next = text.indexOf('\n', line) + 1;
			int blank = text.indexOf(' ', line);
			if (blank < 0 || blank >= next) {
				return unusable(name, "has a line of an unknown form");
			}
			checksums.put(text.substring(blank + 1, next - 1), text.substring(line, blank));
			line = next;
		}
		return new FolderIndex(checksums);
	}

	private static FolderIndex unusable(String name, String reason) {
		logger.warn("{} {}; all files are read instead", name, reason);
		return NONE;
	}

	/**
	 * Tells whether there is nothing to look up.
	 * @return {@code true} if it knows no file
	 */
	boolean isEmpty() {
		return this.checksums.isEmpty();
	}

	/**
	 * Returns an index of what either knows.
	 * @param other the other index
	 * @return the index
	 */
	FolderIndex with(FolderIndex other) {
		if (isEmpty()) {
			return other;
		}
		Map<String, String> both = new HashMap<>(this.checksums);
		both.putAll(other.checksums);
		return new FolderIndex(both);
	}

	/**
	 * Returns the checksum of a file.
	 * @param path its path below the folder
	 * @param size its size in bytes
	 * @param crc the CRC-32 of its bytes
	 * @return the checksum, or {@code null} if it has to be read
	 */
	@Nullable Checksum checksum(String path, long size, long crc) {
		if (isEmpty()) {
			return null;
		}
		String checksum = this.checksums.get(key(path, size, crc));
		return (checksum != null && !checksum.equals(NO_CHECKSUM)) ? new Checksum(checksum) : null;
	}

	/**
	 * Returns the files that it was made of.
	 * @return their paths below the folder
	 */
	SortedSet<String> paths() {
		SortedSet<String> paths = new TreeSet<>();
		for (String key : this.checksums.keySet()) {
			paths.add(key.substring(key.indexOf(' ', key.indexOf(' ') + 1) + 1));
		}
		return paths;
	}

}
