package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Classes that a test compiles, to have class files that are not on its class path.
 */
public final class CompiledClasses {

	private final List<String> files = new ArrayList<>();

	private final Path sources;

	private final Path target;

	/**
	 * Begins without a class.
	 * @param folder an empty folder
	 */
	public CompiledClasses(Path folder) {
		this.sources = folder.resolve("sources");
		this.target = folder.resolve("classes");
	}

	/** Adds a class by its full name and its source. */
	public CompiledClasses add(String name, String source) {
		try {
			Path file = this.sources.resolve(name.replace('.', '/') + ".java");
			Files.createDirectories(file.getParent());
			Files.writeString(file, "package " + name.substring(0, name.lastIndexOf('.')) + ";\n" + source);
			this.files.add(file.toString());
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Compiles what was added, and returns the folder of the class files. */
	public Path compile() {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		List<String> arguments = new ArrayList<>(
				List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", this.target.toString()));
		arguments.addAll(this.files);
		if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
			throw new IllegalStateException("The sources do not compile: " + this.files);
		}
		return this.target;
	}

}
