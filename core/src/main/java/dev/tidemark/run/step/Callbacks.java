package dev.tidemark.run.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.Thrown;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.BuiltIns;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.CallbackFile;
import dev.tidemark.migration.Script;
import dev.tidemark.run.Callback;
import dev.tidemark.run.failure.Origin;

/**
 * The callbacks of a run. For one event files come first, in order of their descriptions,
 * then code, in the order in which it was given.
 *
 * @since 0.1.0
 */
public final class Callbacks {

	private final Map<CallbackEvent, List<CallbackFile>> files;

	private final Map<CallbackEvent, List<Callback>> code = new EnumMap<>(CallbackEvent.class);

	private final Map<CallbackFile, Script> scripts = new HashMap<>();

	private Callbacks(Map<CallbackEvent, List<CallbackFile>> files, List<Callback> code) {
		this.files = files;
		for (Callback callback : code) {
			for (CallbackEvent event : events(callback)) {
				this.code.computeIfAbsent(event, (key) -> new ArrayList<>()).add(callback);
			}
		}
	}

	private static Set<CallbackEvent> events(Callback callback) {
		try {
			return Set.copyOf(callback.events());
		}
		catch (RuntimeException ex) {
			throw new TidemarkException(Problem.error(ErrorCode.CALLBACK, Origin.of(callback).place(),
					"The callback does not tell at which events it runs: events() failed with "
							+ Thrown.of(ex).inWords() + ", or returned null.",
					"Correct the callback, and start again."));
		}
	}

	/** Finds the callbacks of a run. */
	public static Callbacks ofRun(List<CallbackFile> files, List<Callback> code) {
		return new Callbacks(byEvent(files, (event) -> !event.isOfUndo()), code);
	}

	/** Finds the callbacks of an undo: what is wrong with others does not stop it. */
	public static Callbacks ofUndo(List<CallbackFile> files, List<Callback> code) {
		return new Callbacks(byEvent(files, CallbackEvent::isOfUndo), code);
	}

	public static Callbacks none() {
		return new Callbacks(Map.of(), List.of());
	}

	private static Map<CallbackEvent, List<CallbackFile>> byEvent(List<CallbackFile> files,
			Predicate<CallbackEvent> wanted) {
		return files.stream()
			.filter((file) -> wanted.test(file.event()))
			.collect(Collectors.groupingBy(CallbackFile::event));
	}

	/**
	 * Reads the files, and leaves out those that are for other environments.
	 * @param builtIns what the built-in placeholders tell
	 * @param environments what this environment is called
	 * @return all that is wrong with them
	 */
	public List<Problem> load(BuiltIns builtIns, Set<String> environments) {
		List<Problem> problems = new ArrayList<>();
		for (CallbackFile file : this.files.values().stream().flatMap(List::stream).toList()) {
			try {
				if (!file.directives().isFor(environments)) {
					this.files.computeIfPresent(file.event(), (event, all) -> without(file, all));
					continue;
				}
				Script script = file.load(builtIns);
				this.scripts.put(file, script);
				problems.addAll(script.warnings());
			}
			catch (TidemarkException ex) {
				problems.addAll(ex.problems());
			}
		}
		return problems;
	}

	private static @Nullable List<CallbackFile> without(CallbackFile file, List<CallbackFile> all) {
		List<CallbackFile> others = all.stream().filter((other) -> other != file).toList();
		return others.isEmpty() ? null : others;
	}

	boolean has(CallbackEvent event) {
		return this.files.containsKey(event) || this.code.containsKey(event);
	}

	boolean isEmpty() {
		return this.files.isEmpty() && this.code.isEmpty();
	}

	/**
	 * Tells whether any of them runs even where nothing is pending.
	 * @param environments what this environment is called
	 */
	public boolean isOfEveryRun(Set<String> environments) {
		return Arrays.stream(CallbackEvent.values())
			.filter(CallbackEvent::isOfEveryRun)
			.anyMatch((event) -> this.code.containsKey(event)
					|| files(event).stream().anyMatch((file) -> isFor(file, environments)));
	}

	/** What is wrong with a file is told when it is loaded. */
	private static boolean isFor(CallbackFile file, Set<String> environments) {
		try {
			return file.directives().isFor(environments);
		}
		catch (TidemarkException ex) {
			return true;
		}
	}

	/** Tells whether any of them runs with a migration, or a statement of one. */
	boolean isAroundMigrations() {
		return Arrays.stream(CallbackEvent.values()).anyMatch((event) -> event.isOfMigration() && has(event));
	}

	/** Tells whether any of them has to hear how files and history compare. */
	public boolean isOfValidation() {
		return has(CallbackEvent.BEFORE_VALIDATE) || has(CallbackEvent.AFTER_VALIDATE_ERROR);
	}

	public List<CallbackFile> files(CallbackEvent event) {
		return this.files.getOrDefault(event, List.of());
	}

	public List<Callback> code(CallbackEvent event) {
		return this.code.getOrDefault(event, List.of());
	}

	/** Returns the content of a file that was loaded. */
	public Script script(CallbackFile file) {
		Script script = this.scripts.get(file);
		if (script == null) {
			throw new IllegalStateException("Callback not loaded: " + file);
		}
		return script;
	}

}
