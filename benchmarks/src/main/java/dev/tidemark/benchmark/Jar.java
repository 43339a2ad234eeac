package dev.tidemark.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Writes jars as build tools do it, with an entry for each folder.
 */
final class Jar {

	private Jar() {
	}

	static Path write(Path jar, Map<String, byte[]> contents) throws IOException {
		Files.createDirectories(jar.getParent());
		try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar))) {
			Set<String> folders = new LinkedHashSet<>();
			for (Map.Entry<String, byte[]> content : contents.entrySet()) {
				String name = content.getKey();
				for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
					if (folders.add(name.substring(0, slash + 1))) {
						output.putNextEntry(new JarEntry(name.substring(0, slash + 1)));
					}
				}
				output.putNextEntry(new JarEntry(name));
				output.write(content.getValue());
			}
		}
		return jar;
	}

	/**
	 * Reads the files of a folder as the contents of a jar.
	 * @param root what the names of the entries are relative to
	 * @param folder the folder, at or below the root
	 * @return each file's content, by its name
	 */
	static Map<String, byte[]> contents(Path root, Path folder) throws IOException {
		Map<String, byte[]> contents = new TreeMap<>();
		try (Stream<Path> paths = Files.walk(folder)) {
			for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
				contents.put(root.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
			}
		}
		return contents;
	}

}
