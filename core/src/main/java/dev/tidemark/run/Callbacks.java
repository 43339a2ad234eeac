package dev.tidemark.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.source.BuiltIns;
import dev.tidemark.source.CallbackEvent;
import dev.tidemark.source.CallbackFile;
import dev.tidemark.source.Script;

/**
 * The callbacks of a run. For one event files come first, in order of their descriptions,
 * then code, in the order in which it was given.
 */
final class Callbacks {

	private final Map<CallbackEvent, List<CallbackFile>> files;

	private final Map<CallbackEvent, List<Callback>> code = new EnumMap<>(CallbackEvent.class);

	private final Map<CallbackFile, Script> scripts = new HashMap<>();

	private Callbacks(Map<CallbackEvent, List<CallbackFile>> files, List<Callback> code) {
		this.files = files;
		for (Callback callback : code) {
			for (CallbackEvent event : callback.events()) {
				this.code.computeIfAbsent(event, (key) -> new ArrayList<>()).add(callback);
			}
		}
	}

	static Callbacks of(List<CallbackFile> files, List<Callback> code) {
		return new Callbacks(files.stream().collect(Collectors.groupingBy(CallbackFile::event)), code);
	}

	/**
	 * Reads the files.
	 * @param builtIns what the built-in placeholders tell
	 * @return all that is wrong with them
	 */
	List<Problem> load(BuiltIns builtIns) {
		List<Problem> problems = new ArrayList<>();
		for (CallbackFile file : this.files.values().stream().flatMap(List::stream).toList()) {
			try {
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

	boolean has(CallbackEvent event) {
		return this.files.containsKey(event) || this.code.containsKey(event);
	}

	/** Tells whether any of them runs even where nothing is pending. */
	boolean isOfEveryRun() {
		return Arrays.stream(CallbackEvent.values()).anyMatch((event) -> event.isOfEveryRun() && has(event));
	}

	/** Tells whether any of them has to hear how files and history compare. */
	boolean isOfValidation() {
		return has(CallbackEvent.BEFORE_VALIDATE) || has(CallbackEvent.AFTER_VALIDATE_ERROR);
	}

	List<CallbackFile> files(CallbackEvent event) {
		return this.files.getOrDefault(event, List.of());
	}

	List<Callback> code(CallbackEvent event) {
		return this.code.getOrDefault(event, List.of());
	}

	/** Returns the content of a file that was loaded. */
	Script script(CallbackFile file) {
		Script script = this.scripts.get(file);
		if (script == null) {
			throw new IllegalStateException("Callback not loaded: " + file);
		}
		return script;
	}

}
