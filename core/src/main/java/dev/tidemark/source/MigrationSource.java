package dev.tidemark.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;

/**
 * Finds all migration files of the configured locations and reads their names and
 * checksums. It collects what is wrong instead of stopping at the first problem.
 */
public final class MigrationSource {

	private static final Comparator<Migration> ORDER = Comparator.comparing(Migration::identity);

	private final SourceSettings settings;

	private final ClassLoader classLoader;

	private final FileNameParser names;

	private final TextReader reader;

	private final ValueMemory memory;

	/**
	 * Makes a source that reads the class path through the given loader.
	 * @param settings where to search and how to read
	 * @param classLoader the loader for class path locations
	 */
	public MigrationSource(SourceSettings settings, ClassLoader classLoader) {
		this.settings = settings;
		this.classLoader = classLoader;
		this.names = new FileNameParser(settings.naming());
		this.reader = new TextReader(settings.encoding(), "tidemark.encoding");
		this.memory = new ValueMemory(settings.placeholders());
	}

	/**
	 * Makes a source that reads the class path through the thread's context class loader.
	 * @param settings where to search and how to read
	 */
	public MigrationSource(SourceSettings settings) {
		this(settings, contextClassLoader());
	}

	private static ClassLoader contextClassLoader() {
		ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
		return (classLoader != null) ? classLoader : MigrationSource.class.getClassLoader();
	}

	/**
	 * Searches all locations.
	 * @return what was found, problems included
	 */
	public Sources read() {
		List<Problem> problems = new ArrayList<>();
		Map<String, Migration> byOrigin = new LinkedHashMap<>();
		for (Location location : this.settings.locations()) {
			try {
				read(location, byOrigin, problems);
			}
			catch (IOException ex) {
				problems.add(unreadable(location, ex));
			}
		}
		List<Migration> sorted = new ArrayList<>(byOrigin.values());
		sorted.sort(ORDER);
		return new Sources(distinct(sorted, problems), problems);
	}

	private void read(Location location, Map<String, Migration> byOrigin, List<Problem> problems) throws IOException {
		Folder folder = switch (location.kind()) {
			case CLASSPATH -> new ClassPathFolder(this.classLoader, location.path()).read();
			case FILESYSTEM -> Folder.read(Path.of(location.path()), location.path());
		};
		if (!folder.exists()) {
			String remedy = "Create the location, correct tidemark.locations, or set "
					+ "tidemark.fail-on-missing-locations=false if it may be missing.";
			Place place = Place.file(location.toString());
			problems.add(this.settings.failOnMissingLocations()
					? Problem.error(ErrorCode.LOCATION_MISSING, place, "The location does not exist.", remedy)
					: Problem.warning(ErrorCode.LOCATION_MISSING, place, "The location does not exist.", remedy));
			return;
		}
		Map<String, ScriptFile> configurations = configurations(folder);
		boolean empty = true;
		for (ScriptFile file : folder.files()) {
			if (!this.names.isConfiguration(file.name())) {
				empty &= !read(file, configurations, byOrigin, problems);
			}
		}
		configurations.values().forEach((file) -> problems.add(withoutScript(file)));
		if (empty) {
			problems.add(Problem.warning(ErrorCode.LOCATION_MISSING, Place.file(location.toString()),
					"The location holds no migration.", "Add a migration, or correct tidemark.locations."));
		}
	}

	private static Problem unreadable(Location location, IOException ex) {
		String file = (ex instanceof FileSystemException failure) ? failure.getFile() : null;
		return Problem.error(ErrorCode.FILE_UNREADABLE, Place.file((file != null) ? file : location.toString()),
				"The location " + location + " cannot be read: " + ex.getClass().getSimpleName() + ".",
				"Check that the user of this process may read it, and that no link in it leads in a circle.");
	}

	/** Returns the configurations by where their scripts should lie. */
	private Map<String, ScriptFile> configurations(Folder folder) {
		Map<String, ScriptFile> configurations = new LinkedHashMap<>();
		for (ScriptFile file : folder.files()) {
			if (this.names.isConfiguration(file.name())) {
				String origin = file.origin();
				boolean exact = origin.endsWith(ScriptConfiguration.SUFFIX);
				configurations.put(
						exact ? origin.substring(0, origin.length() - ScriptConfiguration.SUFFIX.length()) : origin,
						file);
			}
		}
		return configurations;
	}

	private static Problem withoutScript(ScriptFile file) {
		return Problem
			.error(ErrorCode.SCRIPT_CONFIGURATION, Place.file(file.script()),
					"The file configures a script, but beside it no file has its name without "
							+ ScriptConfiguration.SUFFIX + ".",
					"Remove it, or name it as its script and " + ScriptConfiguration.SUFFIX + ".");
	}

	/** Returns whether the file is a migration. */
	private boolean read(ScriptFile file, Map<String, ScriptFile> configurations, Map<String, Migration> byOrigin,
			List<Problem> problems) {
		ScriptFile configuration = configurations.remove(file.origin());
		if (byOrigin.containsKey(file.origin())) {
			return true;
		}
		FileName name = this.names.parse(file.name(), file.script());
		if (name instanceof FileName.Doubtful doubtful) {
			problems.add(doubtful.problem());
		}
		if (!(name instanceof FileName.Known known)) {
			return false;
		}
		try {
			byOrigin.put(file.origin(), migration(known, file, configuration, problems));
		}
		catch (TidemarkException ex) {
			problems.addAll(ex.problems());
		}
		return true;
	}

	private Migration migration(FileName.Known name, ScriptFile file, @Nullable ScriptFile configurationFile,
			List<Problem> problems) {
		ScriptConfiguration configuration = ScriptConfiguration.NONE;
		TextReader fileReader = this.reader;
		if (configurationFile != null) {
			StringBuilder text = new StringBuilder();
			this.reader.read(configurationFile.content(), configurationFile.script(), text);
			configuration = ScriptConfiguration.parse(text.toString(), configurationFile.script(), problems);
			if (configuration.encoding() != null) {
				fileReader = new TextReader(configuration.encoding(), "encoding in " + configurationFile.script());
			}
		}
		Checksum checksum = fileReader.checksum(file);
		return new Migration(name.identity(), name.description(), file.script(), checksum, file.content(), fileReader,
				configuration, this.memory);
	}

	/**
	 * Files of one identity are a problem, except for copies of one and the same text
	 * that are configured alike.
	 */
	private static List<Migration> distinct(List<Migration> sorted, List<Problem> problems) {
		List<Migration> distinct = new ArrayList<>();
		for (Migration migration : sorted) {
			Migration last = distinct.isEmpty() ? null : distinct.get(distinct.size() - 1);
			if (last == null || !last.identity().equals(migration.identity())) {
				distinct.add(migration);
			}
			else if (!last.isCopyOf(migration)) {
				problems.add(duplicate(last, migration, sorted));
			}
		}
		return distinct;
	}

	private static Problem duplicate(Migration first, Migration second, List<Migration> sorted) {
		if (first.checksum().equals(second.checksum())) {
			return Problem.error(
					ErrorCode.DUPLICATE, Place.file(second.script()), "The file is a copy of " + first.script()
							+ ", but is configured differently by its " + ScriptConfiguration.SUFFIX + " file.",
					"Remove one of them, or configure them alike.");
		}
		String remedy = "Give one of them another name.";
		if (second.identity() instanceof Identity.Versioned) {
			MigrationVersion newest = sorted.stream()
				.map(Migration::identity)
				.filter(Identity.Versioned.class::isInstance)
				.map((identity) -> ((Identity.Versioned) identity).version())
				.max(Comparator.naturalOrder())
				.orElseThrow();
			remedy = "Give the one that is not applied anywhere yet another version; the next free one is "
					+ newest.next() + ".";
		}
		return Problem.error(ErrorCode.DUPLICATE, Place.file(second.script()),
				"The file claims " + second.identity().inWords() + ", as " + first.script() + " does.", remedy);
	}

}
