package dev.tidemark.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.source.Migration;
import dev.tidemark.source.Script;

/**
 * The content of the pending files. Each one is read once, and what is wrong with it told
 * once.
 */
final class Scripts {

	private final Function<Migration, Script> loader;

	private final List<Problem> problems;

	private final Map<Migration, Optional<Script>> loaded = new HashMap<>();

	Scripts(Function<Migration, Script> loader, List<Problem> problems) {
		this.loader = loader;
		this.problems = problems;
	}

	/** Returns the content, or {@code null} if the file cannot be used. */
	@Nullable Script load(Migration migration) {
		return this.loaded.computeIfAbsent(migration, this::read).orElse(null);
	}

	private Optional<Script> read(Migration migration) {
		try {
			Script script = this.loader.apply(migration);
			this.problems.addAll(script.warnings());
			return Optional.of(script);
		}
		catch (TidemarkException ex) {
			this.problems.addAll(ex.problems());
			return Optional.empty();
		}
	}

	/** Tells whether the file does not say that it is for other environments only. */
	boolean isFor(Migration migration, Set<String> environments) {
		Script script = load(migration);
		return script == null || script.directives().isFor(environments);
	}

}
