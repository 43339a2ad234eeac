package dev.tidemark.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.core.type.ClassMetadata;
import org.springframework.core.type.classreading.MetadataReaderFactory;

import dev.tidemark.migration.CodeMigration;
import dev.tidemark.source.CodeClass.Kind;

/**
 * Finds out which of some classes are written to be run with migrations. What they extend
 * and implement is followed by names, and of other classes only those files are read that
 * names lead to. No class is loaded. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class CodeClasses {

	private static final String FLYWAY = "org.flywaydb.core.api.";

	/** Flyway has had more of them than it has now. */
	private static final Map<String, Kind> ROOTS = Map.ofEntries(
			Map.entry(CodeMigration.class.getName(), Kind.MIGRATION),
			// Named, so that a start without one does not load it.
			Map.entry("dev.tidemark.migration.CodeBackfill", Kind.BACKFILL),
			Map.entry("dev.tidemark.run.Callback", Kind.CALLBACK),
			Map.entry(FLYWAY + "migration.JavaMigration", Kind.FLYWAY_MIGRATION),
			Map.entry(FLYWAY + "migration.BaseJavaMigration", Kind.FLYWAY_MIGRATION),
			Map.entry(FLYWAY + "migration.jdbc.JdbcMigration", Kind.FLYWAY_MIGRATION),
			Map.entry(FLYWAY + "migration.jdbc.BaseJdbcMigration", Kind.FLYWAY_MIGRATION),
			Map.entry(FLYWAY + "migration.spring.SpringJdbcMigration", Kind.FLYWAY_MIGRATION),
			Map.entry(FLYWAY + "migration.spring.BaseSpringJdbcMigration", Kind.FLYWAY_MIGRATION),
			Map.entry(FLYWAY + "callback.Callback", Kind.FLYWAY_CALLBACK),
			Map.entry(FLYWAY + "callback.BaseCallback", Kind.FLYWAY_CALLBACK));

	/** Whose types know nothing of migrations, so that their files need not be read. */
	private static final List<String> STRANGERS = List.of("java.", "javax.", "jakarta.", "kotlin.",
			"org.springframework.", "org.hibernate.", "org.slf4j.");

	private final MetadataReaderFactory readers;

	private final Map<String, ClassMetadata> classes = new HashMap<>();

	private final Map<String, Optional<Kind>> kinds = new HashMap<>();

	/**
	 * Begins without a class.
	 * @param readers reads the files of classes that were not added
	 */
	public CodeClasses(MetadataReaderFactory readers) {
		this.readers = readers;
		ROOTS.forEach((name, kind) -> this.kinds.put(name, Optional.of(kind)));
	}

	/**
	 * Adds a class.
	 * @param metadata what its file says
	 */
	public void add(ClassMetadata metadata) {
		this.classes.put(metadata.getClassName(), metadata);
	}

	/**
	 * Returns those of the added classes that are written to be run: what cannot be made
	 * on its own, as an interface, an abstract or an inner class, is none of them.
	 * @return the classes
	 */
	public List<CodeClass> find() {
		List<CodeClass> found = new ArrayList<>();
		List.copyOf(this.classes.values()).forEach((metadata) -> {
			if (metadata.isConcrete() && metadata.isIndependent()) {
				kind(metadata.getClassName())
					.ifPresent((kind) -> found.add(new CodeClass(metadata.getClassName(), kind)));
			}
		});
		return found;
	}

	/**
	 * Returns what a type makes of the classes that it is a type of.
	 * @param name the name of the type
	 * @return the kind, empty if it has nothing to do with migrations
	 */
	public Optional<Kind> kind(String name) {
		Optional<Kind> known = this.kinds.get(name);
		if (known != null) {
			return known;
		}
		// A file may claim to extend itself.
		this.kinds.put(name, Optional.empty());
		ClassMetadata metadata = metadata(name);
		Optional<Kind> kind = (metadata != null) ? kind(metadata) : Optional.empty();
		this.kinds.put(name, kind);
		return kind;
	}

	/** Without streams, as each start asks this of each class of the application. */
	private Optional<Kind> kind(ClassMetadata metadata) {
		String superclass = metadata.getSuperClassName();
		Optional<Kind> kind = (superclass != null) ? kind(superclass) : Optional.empty();
		for (String implemented : metadata.getInterfaceNames()) {
			if (kind.isPresent()) {
				break;
			}
			kind = kind(implemented);
		}
		return kind;
	}

	/** What is not there, or none that can be read, leads nowhere. */
	private @Nullable ClassMetadata metadata(String name) {
		ClassMetadata added = this.classes.get(name);
		if (added != null || isStranger(name)) {
			return added;
		}
		try {
			return this.readers.getMetadataReader(name).getClassMetadata();
		}
		catch (IOException | RuntimeException ex) {
			return null;
		}
	}

	private static boolean isStranger(String name) {
		for (String stranger : STRANGERS) {
			if (name.startsWith(stranger)) {
				return true;
			}
		}
		return false;
	}

}
