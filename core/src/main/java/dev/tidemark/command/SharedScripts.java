package dev.tidemark.command;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.tidemark.migration.BuiltIns;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;

/**
 * The content of files, read once for many schemas. What holds the name of its schema, or
 * anything else that is built in, is read again for each. Thread-safe.
 *
 * @since 0.1.0
 */
public final class SharedScripts {

	private final Map<Migration, Script> scripts = new ConcurrentHashMap<>();

	/**
	 * Returns the content of a file.
	 * @param migration the file
	 * @param builtIns what the built-in placeholders tell
	 * @return the content
	 * @see Migration#load(BuiltIns)
	 */
	public Script load(Migration migration, BuiltIns builtIns) {
		Script known = this.scripts.get(migration);
		if (known != null) {
			return known;
		}
		Script script = migration.load(builtIns);
		if (!script.hasBuiltIns()) {
			this.scripts.put(migration, script);
		}
		return script;
	}

}
