package dev.tidemark.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A folder in memory, for the data of a server whose databases come and go. To create
 * hundreds of files right after as many were deleted is what file systems of disks are
 * slowest at.
 */
final class MemoryFolder {

	private static final Path MEMORY = Path.of("/dev/shm");

	private static final String PREFIX = "tidemark-testkit-";

	/** A container may have as little as 64 MB. */
	private static final long ROOM = 4L << 30;

	private MemoryFolder() {
	}

	/**
	 * Creates one that belongs to this JVM.
	 * @return the folder, or {@code null} if there is no memory that is a folder, or too
	 * little of it
	 */
	static @Nullable Path create() throws IOException {
		if (!Files.isWritable(MEMORY) || Files.getFileStore(MEMORY).getUsableSpace() < ROOM) {
			return null;
		}
		deleteLeftovers();
		return Files.createTempDirectory(MEMORY, PREFIX + ProcessHandle.current().pid() + "-");
	}

	/** A JVM that was killed leaves its folder behind. */
	private static void deleteLeftovers() throws IOException {
		List<Path> leftovers;
		try (Stream<Path> folders = Files.list(MEMORY)) {
			leftovers = folders.filter(MemoryFolder::isLeftover).toList();
		}
		for (Path leftover : leftovers) {
			try (Stream<Path> files = Files.walk(leftover)) {
				for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
					Files.deleteIfExists(file);
				}
			}
		}
	}

	private static boolean isLeftover(Path folder) {
		String name = folder.getFileName().toString();
		if (!name.startsWith(PREFIX)) {
			return false;
		}
		String pid = name.substring(PREFIX.length(), name.lastIndexOf('-'));
		return ProcessHandle.of(Long.parseLong(pid)).isEmpty();
	}

}
