package dev.tidemark.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.type.ClassMetadata;
import org.springframework.core.type.classreading.MetadataReaderFactory;

import dev.tidemark.error.Problem;
import dev.tidemark.source.folder.Exclusions;
import dev.tidemark.source.folder.SourceFile;

/**
 * Files of classes among the files of locations. Nothing runs a class because it lies
 * there, whatever other tools do; one that is not run otherwise is told of.
 */
final class ClassFiles {

	private final List<Found> files = new ArrayList<>();

	/**
	 * Notes a file.
	 * @param path its path below its location
	 */
	void add(String path, SourceFile file) {
		this.files.add(new Found(path, file));
	}

	/**
	 * Returns what is told of them.
	 * @param isSettled tells of a migration or callback whether it is run, or left out on
	 * purpose
	 * @param classLoader finds what they extend
	 */
	List<Problem> problems(Predicate<CodeClass> isSettled, ClassLoader classLoader) {
		if (this.files.isEmpty()) {
			return List.of();
		}
		MetadataReaderFactory readers = MetadataReaderFactory.create(classLoader);
		CodeClasses classes = new CodeClasses(readers);
		Map<String, Found> byName = new LinkedHashMap<>();
		for (Found file : this.files) {
			try {
				ClassMetadata metadata = file.read(readers);
				classes.add(metadata);
				byName.putIfAbsent(metadata.getClassName(), file);
			}
			catch (IOException | RuntimeException ex) {
				// Spring reads what is no class file without checking that it is one.
			}
		}
		List<Problem> problems = new ArrayList<>();
		for (CodeClass code : classes.find()) {
			Found file = byName.get(code.name());
			if (file != null && (!code.kind().isOfTidemark() || !isSettled.test(code))) {
				problems
					.add(code.passedOver(file.file().script(), "lies in a location", Exclusions.literal(file.path())));
			}
		}
		return problems;
	}

	/**
	 * A file.
	 *
	 * @param path its path below its location
	 * @param file where it lies
	 */
	private record Found(String path, SourceFile file) {

		ClassMetadata read(MetadataReaderFactory readers) throws IOException {
			try (InputStream in = this.file.content().getInputStream()) {
				return readers.getMetadataReader(new ByteArrayResource(in.readAllBytes())).getClassMetadata();
			}
		}

	}

}
