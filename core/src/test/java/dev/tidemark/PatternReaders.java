package dev.tidemark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;

/**
 * The classes that read by regular expressions what is no SQL, as {@code patterns.txt}
 * lists them, each with what it reads.
 */
final class PatternReaders {

	private static final Path LIST = Path.of("src", "test", "resources", "patterns.txt");

	private static final Set<String> LISTED = read();

	private PatternReaders() {
	}

	private static Set<String> read() {
		try {
			return Files.readAllLines(LIST)
				.stream()
				.filter((line) -> !line.startsWith("#"))
				.map(PatternReaders::name)
				.collect(Collectors.toCollection(TreeSet::new));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String name(String line) {
		String[] parts = line.split(": ", 2);
		if (parts.length < 2 || parts[1].isBlank()) {
			throw new IllegalStateException("What it reads is not said: " + line);
		}
		return parts[0];
	}

	/**
	 * Return the names of the classes.
	 * @return the names, sorted
	 */
	static Set<String> listed() {
		return LISTED;
	}

	/**
	 * Return whether a class is one of them, or lies within one.
	 * @return the predicate
	 */
	static DescribedPredicate<JavaClass> areListed() {
		return DescribedPredicate.describe("read what is no SQL", (type) -> LISTED.contains(outermost(type)));
	}

	/**
	 * Return the name of the class of the file that a class stands in.
	 * @param type the class
	 * @return the name
	 */
	static String outermost(JavaClass type) {
		return type.getEnclosingClass().map(PatternReaders::outermost).orElse(type.getFullName());
	}

	/**
	 * Return whether a class uses regular expressions.
	 * @param type the class
	 * @return {@code true} if it knows {@link Pattern}
	 */
	static boolean usesPatterns(JavaClass type) {
		return type.getDirectDependenciesFromSelf()
			.stream()
			.anyMatch((dependency) -> dependency.getTargetClass().isEquivalentTo(Pattern.class));
	}

}
