package dev.tidemark.benchmark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.springframework.boot.loader.tools.Library;
import org.springframework.boot.loader.tools.LibraryScope;
import org.springframework.boot.loader.tools.Repackager;

import dev.tidemark.benchmark.contestant.Probe;

/**
 * Packs contestants with their migrations, and tells how to start them.
 */
final class Packer {

	private static final String PROGRAMS = Probe.class.getPackageName();

	private static final String BOOT_MAIN = PROGRAMS + ".BootMain";

	private final Path directory;

	private final Path classes;

	private final Libraries libraries;

	private final boolean folders;

	private final Map<String, List<String>> packed = new HashMap<>();

	/**
	 * Creates a packer.
	 * @param directory where to put what is packed
	 * @param classes the classes of this module
	 * @param libraries the libraries
	 * @param folders whether the migrations of a library lie in a folder of the class
	 * path instead of a jar
	 */
	Packer(Path directory, Path classes, Libraries libraries, boolean folders) {
		this.directory = directory;
		this.classes = classes;
		this.libraries = libraries;
		this.folders = folders;
	}

	/**
	 * Packs a contestant, if that has not been done yet.
	 * @param launch how it is started
	 * @param contestant the contestant
	 * @param corpus its migrations
	 * @return the arguments of {@code java} that start it
	 */
	List<String> pack(Launch launch, Contestant contestant, Corpus corpus) throws IOException {
		String name = "%s-%s-%s".formatted(launch, contestant, corpus.name()).toLowerCase(Locale.ROOT);
		List<String> arguments = this.packed.get(name);
		if (arguments == null) {
			Map<String, byte[]> migrations = contestant.resources(corpus.files());
			arguments = switch (launch) {
				case LIBRARY, TENANTS -> library(launch, contestant, name, migrations);
				case BOOT_JAR -> List.of("-jar", executableJar(launch, contestant, name, migrations).toString());
				case BOOT_EXTRACTED, SERVICE_EXTRACTED ->
					List.of("-jar", extract(executableJar(launch, contestant, name, migrations)).toString());
			};
			this.packed.put(name, arguments);
		}
		return arguments;
	}

	private List<String> library(Launch launch, Contestant contestant, String name, Map<String, byte[]> migrations)
			throws IOException {
		List<Path> path = new ArrayList<>();
		path.add(Jar.write(this.directory.resolve("programs.jar"), programs()));
		path.add(migrations(name, migrations));
		path.addAll(jars(contestant.libraries(Launch.LIBRARY)));
		// Nobody pays for a console that nobody reads; Boot applications log as they do.
		Path silence = Files.writeString(this.directory.resolve("logging.properties"), ".level=OFF\n");
		return List.of("-Djava.util.logging.config.file=" + silence, "-cp",
				path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
				PROGRAMS + "." + contestant.mainClass(launch));
	}

	private Path migrations(String name, Map<String, byte[]> migrations) throws IOException {
		if (!this.folders) {
			return Jar.write(this.directory.resolve(name + ".jar"), migrations);
		}
		Path folder = this.directory.resolve(name);
		for (Map.Entry<String, byte[]> migration : migrations.entrySet()) {
			Path file = folder.resolve(migration.getKey());
			Files.createDirectories(file.getParent());
			Files.write(file, migration.getValue());
		}
		return folder;
	}

	private Path executableJar(Launch launch, Contestant contestant, String name, Map<String, byte[]> migrations)
			throws IOException {
		Map<String, byte[]> contents = new LinkedHashMap<>(programs());
		contents.putAll(migrations);
		Path plain = Jar.write(this.directory.resolve(name + "-plain.jar"), contents);
		Path executable = this.directory.resolve(name + ".jar");
		Repackager repackager = new Repackager(plain.toFile());
		repackager.setMainClass(BOOT_MAIN);
		List<Path> jars = jars(contestant.libraries(launch));
		repackager.repackage(executable.toFile(), (callback) -> {
			for (Path jar : jars) {
				callback.library(new Library(jar.toFile(), LibraryScope.COMPILE));
			}
		});
		return executable;
	}

	private Path extract(Path executable) throws IOException {
		Path destination = this.directory.resolve(executable.getFileName().toString().replace(".jar", ""));
		JavaProcess.run(List.of("-Djarmode=tools", "-jar", executable.toString(), "extract", "--force", "--destination",
				destination.toString()));
		return destination.resolve(executable.getFileName());
	}

	private Map<String, byte[]> programs() throws IOException {
		return Jar.contents(this.classes, this.classes.resolve(PROGRAMS.replace('.', '/')));
	}

	/** Where Maven has not packed a module yet, it is packed here: libraries are jars. */
	private List<Path> jars(List<String> artifacts) throws IOException {
		List<Path> jars = new ArrayList<>();
		for (Path file : this.libraries.filesOf(artifacts)) {
			jars.add(Files.isDirectory(file)
					? Jar.write(this.directory.resolve(moduleOf(file) + ".jar"), Jar.contents(file, file)) : file);
		}
		return jars;
	}

	/** A module's classes lie in {@code MODULE/target/classes}. */
	private static String moduleOf(Path classes) {
		return classes.getName(classes.getNameCount() - 3).toString();
	}

}
