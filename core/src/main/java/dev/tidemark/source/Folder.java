package dev.tidemark.source;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/**
 * What a location holds.
 *
 * @param exists whether it exists at all
 * @param files the files; a path that several class path entries have is there several
 * times
 */
record Folder(boolean exists, List<ScriptFile> files) {

	/**
	 * Reads a folder of the file system with all its folders.
	 * @param root the folder
	 * @param name the name that people know it by
	 * @return what it holds
	 * @throws IOException if a part of it cannot be read
	 */
	static Folder read(Path root, String name) throws IOException {
		List<ScriptFile> files = new ArrayList<>();
		if (!Files.isDirectory(root)) {
			return new Folder(false, files);
		}
		try (Stream<Path> paths = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
			// A link that leads nowhere counts as a file, so that it is told of.
			paths.filter((path) -> !Files.isDirectory(path)).sorted().forEach((path) -> {
				String relative = root.relativize(path).toString().replace(File.separatorChar, '/');
				files.add(new ScriptFile(name + "/" + relative, new FileSystemResource(path)));
			});
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
		return new Folder(true, files);
	}

	/**
	 * A file.
	 *
	 * @param script the name that people know it by
	 * @param resource what it is read from
	 */
	record ScriptFile(String script, Resource resource) {

		/** Returns the last part of the script's path. */
		String name() {
			return this.script.substring(this.script.lastIndexOf('/') + 1);
		}

	}

}
