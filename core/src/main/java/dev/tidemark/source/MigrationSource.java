package dev.tidemark.source;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.CallbackFile;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Phase;
import dev.tidemark.migration.ScriptParser;
import dev.tidemark.source.folder.ClassPathFolder;
import dev.tidemark.source.folder.Confinement;
import dev.tidemark.source.folder.Folder;
import dev.tidemark.source.folder.SourceFile;
import dev.tidemark.source.folder.TextReader;
import dev.tidemark.source.format.FileFormat;
import dev.tidemark.source.format.FileName;
import dev.tidemark.source.format.ScriptConfiguration;
import dev.tidemark.source.format.TidemarkFormat;

/**
 * Finds all migrations and callbacks of the configured locations and reads their names
 * and checksums. It collects what is wrong instead of stopping at the first problem.
 *
 * @since 0.1.0
 */
public final class MigrationSource {

	private static final Comparator<Migration> ORDER = Comparator.comparing(Migration::identity);

	private static final Comparator<CallbackFile> CALLBACK_ORDER = Comparator.comparing(CallbackFile::event)
		.thenComparing(CallbackFile::description);

	private final SourceSettings settings;

	private final ClassLoader classLoader;

	private final FileFormat format;

	private final TextReader reader;

	private final List<CodeMigration> code;

	private final Predicate<CodeClass> isSettled;

	private final ScriptParser parser;

	/**
	 * Makes a source that reads the class path through the given loader.
	 * @param settings where to search and how to read
	 * @param classLoader the loader for class path locations
	 */
	public MigrationSource(SourceSettings settings, ClassLoader classLoader) {
		this(settings, List.of(), (code) -> true, classLoader);
	}

	/**
	 * Makes a source that reads the class path through the thread's context class loader.
	 * @param settings where to search and how to read
	 * @param code the migrations that are written in Java
	 * @param isSettled tells of a class of a migration or callback, by its name, whether
	 * it is run, or left out on purpose
	 */
	public MigrationSource(SourceSettings settings, List<CodeMigration> code, Predicate<CodeClass> isSettled) {
		this(settings, code, isSettled, contextClassLoader());
	}

	private MigrationSource(SourceSettings settings, List<CodeMigration> code, Predicate<CodeClass> isSettled,
			ClassLoader classLoader) {
		this.settings = settings;
		this.code = List.copyOf(code);
		this.isSettled = isSettled;
		this.classLoader = classLoader;
		this.format = new TidemarkFormat(settings.naming());
		this.reader = new TextReader(settings.encoding(), SettingNames.name("files.encoding"));
		this.parser = new ScriptParser(settings.placeholders());
	}

	/**
	 * Makes a source that reads the class path through the thread's context class loader.
	 * @param settings where to search and how to read
	 */
	public MigrationSource(SourceSettings settings) {
		this(settings, List.of(), (code) -> true, contextClassLoader());
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
		Found found = new Found();
		for (Location location : this.settings.locations()) {
			try {
				read(location, found);
			}
			catch (TidemarkException ex) {
				found.problems.addAll(ex.problems());
			}
			catch (IOException ex) {
				found.problems.add(unreadable(location, ex));
			}
		}
		return sources(found);
	}

	/** Reads a folder from wherever it lies; that it does not exist is no problem. */
	public Sources read(Folder folder, String name) {
		Found found = new Found();
		read(folder, name, found);
		return sources(found);
	}

	private Sources sources(Found found) {
		List<Migration> sorted = new ArrayList<>(found.migrations.values());
		sorted.addAll(code(found.problems));
		found.problems.addAll(misplacedDependencies(sorted));
		sorted.sort(ORDER);
		List<Migration> undos = new ArrayList<>(found.undos.values());
		undos.sort(ORDER);
		List<CallbackFile> callbacks = new ArrayList<>(found.callbacks.values());
		callbacks.sort(CALLBACK_ORDER);
		found.problems.addAll(withoutMigration(undos, sorted));
		VersionProblems versions = new VersionProblems(this.settings.naming(), sorted, undos, found.doubtful);
		found.problems.addAll(versions.general());
		found.problems.addAll(found.classes.problems(this.isSettled, this.classLoader));
		return new Sources(distinct(sorted), distinct(undos), distinctCallbacks(callbacks, found.problems),
				found.problems, found.excluded, versions);
	}

	/** It does no harm, but one whose version is mistyped would be missed when needed. */
	private static List<Problem> withoutMigration(List<Migration> undos, List<Migration> migrations) {
		if (undos.isEmpty()) {
			return List.of();
		}
		Set<Identity> known = migrations.stream().map(Migration::identity).collect(Collectors.toSet());
		return undos.stream()
			.filter((undo) -> !known.contains(undo.identity()))
			.map((undo) -> Problem.warning(ErrorCode.UNDO_WITHOUT_MIGRATION, Place.file(undo.script()),
					"The file undoes " + undo.identity().inWords() + ", of which there is no file.",
					"Correct its version, or remove it together with its migration."))
			.toList();
	}

	private List<Migration> code(List<Problem> problems) {
		List<Migration> migrations = new ArrayList<>();
		for (CodeMigration migration : this.code) {
			try {
				migrations.add(Migration.of(migration));
			}
			catch (TidemarkException ex) {
				problems.addAll(ex.problems());
			}
		}
		return migrations;
	}

	private static List<Problem> misplacedDependencies(List<Migration> migrations) {
		return migrations.stream()
			.filter((migration) -> migration.code() != null && !migration.identity().isRepeatable()
					&& !migration.directives().dependsOn().isEmpty())
			.map((migration) -> Problem.error(ErrorCode.DEPENDENCY, Place.file(migration.script()),
					"The code depends on repeatables, but versions run before all of them.",
					"Let dependsOn() return nothing, and make what it needs in a version before it."))
			.toList();
	}

	private void read(Location location, Found found) throws IOException {
		Folder folder = switch (location.kind()) {
			case CLASSPATH -> new ClassPathFolder(this.classLoader, location.path()).read();
			case FILESYSTEM -> Folder.read(Path.of(location.path()), location.path(), confinement());
		};
		folder.outside().forEach((path) -> found.problems.add(outside(path)));
		if (!folder.outside().isEmpty()) {
			return;
		}
		if (!folder.exists()) {
			String remedy = "Create the location, correct " + SettingNames.name("locations") + ", or set "
					+ SettingNames.name("files.fail-on-missing-locations") + "=false if it may be missing.";
			Place place = Place.file(location.toString());
			found.problems.add(this.settings.failOnMissingLocations()
					? Problem.error(ErrorCode.LOCATION_MISSING, place, "The location does not exist.", remedy)
					: Problem.warning(ErrorCode.LOCATION_MISSING, place, "The location does not exist.", remedy));
			return;
		}
		if (!read(folder, location.path(), found)) {
			found.problems.add(Problem.warning(ErrorCode.LOCATION_MISSING, Place.file(location.toString()),
					"The location holds no migration" + (found.excluded.isEmpty() ? "."
							: " but what " + SettingNames.name("files.exclude") + " leaves out."),
					"Add a migration, or correct " + SettingNames.name("locations")
							+ (found.excluded.isEmpty() ? "." : " or " + SettingNames.name("files.exclude") + ".")));
		}
	}

	/** Returns whether the folder holds anything. */
	private boolean read(Folder all, String location, Found found) {
		Folder folder = all.without(this.settings.exclusions(), location, (file) -> found.exclude(file, this.format));
		Map<String, SourceFile> configurations = configurations(folder);
		boolean empty = true;
		for (SourceFile file : folder.files()) {
			if (!this.format.isConfiguration(file.script())) {
				empty &= !read(file, location, configurations, found);
			}
		}
		configurations.values().forEach((file) -> found.problems.add(withoutScript(file)));
		return !empty;
	}

	private Confinement confinement() throws IOException {
		try {
			return Confinement.to(this.settings.filesystemRoot());
		}
		catch (NoSuchFileException ex) {
			throw new TidemarkException(
					Problem.error(ErrorCode.LOCATION_MISSING, Place.file(String.valueOf(ex.getFile())),
							"The folder that file system locations must not leave does not exist.",
							"Create it, or correct " + SettingNames.name("files.root") + "."));
		}
	}

	private Problem outside(Path path) {
		return Problem.error(ErrorCode.OUTSIDE_ROOT, Place.file(path.toString()),
				"By a link or '..' it leads out of " + this.settings.filesystemRoot()
						+ ", which file system locations must not leave.",
				"Remove the link, correct " + SettingNames.name("locations") + ", or set "
						+ SettingNames.name("files.root") + " to a folder that holds it.");
	}

	private static Problem unreadable(Location location, IOException ex) {
		String file = (ex instanceof FileSystemException failure) ? failure.getFile() : null;
		return Problem.error(ErrorCode.FILE_UNREADABLE, Place.file((file != null) ? file : location.toString()),
				"The location " + location + " cannot be read: " + ex.getClass().getSimpleName() + ".",
				"Check that the user of this process may read it, and that no link in it leads in a circle.");
	}

	/** Returns the configurations by where their scripts should lie. */
	private Map<String, SourceFile> configurations(Folder folder) {
		Map<String, SourceFile> configurations = new LinkedHashMap<>();
		for (SourceFile file : folder.files()) {
			if (this.format.isConfiguration(file.script())) {
				String origin = file.origin();
				boolean exact = origin.endsWith(ScriptConfiguration.SUFFIX);
				configurations.put(
						exact ? origin.substring(0, origin.length() - ScriptConfiguration.SUFFIX.length()) : origin,
						file);
			}
		}
		return configurations;
	}

	private static Problem withoutScript(SourceFile file) {
		return Problem
			.error(ErrorCode.SCRIPT_CONFIGURATION, Place.file(file.script()),
					"The file configures a script, but beside it no file has its name without "
							+ ScriptConfiguration.SUFFIX + ".",
					"Remove it, or name it as its script and " + ScriptConfiguration.SUFFIX + ".");
	}

	/** Returns whether the file is a migration or a callback. */
	private boolean read(SourceFile file, String location, Map<String, SourceFile> configurations, Found found) {
		SourceFile configuration = configurations.remove(file.origin());
		if (found.contains(file)) {
			return true;
		}
		if (file.name().endsWith(ClassUtils.CLASS_FILE_SUFFIX)) {
			found.classes.add(file.below(location), file);
			return true;
		}
		FileName name = this.format.parse(file.script());
		if (name instanceof FileName.Doubtful doubtful) {
			found.doubtful.add(file.below(location), file.script(), doubtful);
			return false;
		}
		if (name instanceof FileName.Ignored) {
			return false;
		}
		found.doubtful.addSure(file.below(location));
		try {
			if (name instanceof FileName.Known known) {
				FileContent content = content(file, known.phase(), configuration, found.problems);
				found.migrations.put(file.origin(),
						Migration.of(known.identity(), known.phase(), known.description(), content));
				return true;
			}
			if (name instanceof FileName.Undo undo) {
				FileContent content = content(file, Phase.EXPAND, configuration, found.problems);
				found.undos.put(file.origin(), Migration.undo(undo.identity(), undo.description(), content));
				return true;
			}
			if (name instanceof FileName.Callback callback) {
				FileContent content = content(file, Phase.EXPAND, configuration, found.problems);
				found.callbacks.put(file.origin(), new CallbackFile(callback.event(), callback.description(), content));
				return true;
			}
		}
		catch (TidemarkException ex) {
			found.problems.addAll(ex.problems());
			return true;
		}
		throw new IllegalStateException("Unknown kind of file name: " + name.getClass());
	}

	private FileContent content(SourceFile file, Phase phase, @Nullable SourceFile configurationFile,
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
		return new FileContent(file.script(), this.settings.naming(), phase, checksum, file.content(), fileReader,
				configuration, this.parser);
	}

	/** Of files that claim one identity, the first one stands for all. */
	private static List<Migration> distinct(List<Migration> sorted) {
		List<Migration> distinct = new ArrayList<>();
		for (Migration migration : sorted) {
			Migration last = distinct.isEmpty() ? null : distinct.get(distinct.size() - 1);
			if (last == null || !last.identity().equals(migration.identity())) {
				distinct.add(migration);
			}
		}
		return distinct;
	}

	/** Callbacks of one event need different descriptions, which order them. */
	private static List<CallbackFile> distinctCallbacks(List<CallbackFile> sorted, List<Problem> problems) {
		List<CallbackFile> distinct = new ArrayList<>();
		for (CallbackFile callback : sorted) {
			CallbackFile last = distinct.isEmpty() ? null : distinct.get(distinct.size() - 1);
			if (last == null || CALLBACK_ORDER.compare(last, callback) != 0) {
				distinct.add(callback);
			}
			else if (!last.isCopyOf(callback)) {
				problems.add(Problem.error(ErrorCode.DUPLICATE, Place.file(callback.script()),
						"The callback has the event and the description of " + last.script()
								+ ", so nothing tells which one comes first.",
						"Give one of them another description, as in " + callback.event() + "__description.sql."));
			}
		}
		return distinct;
	}

	/** What was found so far; the keys are where files lie. */
	private static final class Found {

		private final Map<String, Migration> migrations = new LinkedHashMap<>();

		private final Map<String, Migration> undos = new LinkedHashMap<>();

		private final Map<String, CallbackFile> callbacks = new LinkedHashMap<>();

		private final List<Problem> problems = new ArrayList<>();

		private final DoubtfulFiles doubtful = new DoubtfulFiles();

		private final ClassFiles classes = new ClassFiles();

		private final Map<Identity, String> excluded = new HashMap<>();

		void exclude(SourceFile file, FileFormat format) {
			if (format.parse(file.script()) instanceof FileName.Known known) {
				this.excluded.put(known.identity(), file.script());
			}
		}

		boolean contains(SourceFile file) {
			return this.migrations.containsKey(file.origin()) || this.undos.containsKey(file.origin())
					|| this.callbacks.containsKey(file.origin());
		}

	}

}
