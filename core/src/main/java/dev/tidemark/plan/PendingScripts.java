package dev.tidemark.plan;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;
import dev.tidemark.migration.backfill.BackfillFile;

/**
 * The content of the pending files. Each one is read once, and what is wrong with it told
 * once, when it is wanted for a step.
 */
final class PendingScripts {

	private final Function<Migration, Script> loader;

	private final List<Problem> problems;

	private final Map<Migration, Attempt> attempts = new HashMap<>();

	private final Set<Migration> told = new HashSet<>();

	PendingScripts(Function<Migration, Script> loader, List<Problem> problems) {
		this.loader = loader;
		this.problems = problems;
	}

	/** Returns the content, or {@code null} if the file cannot be used. */
	@Nullable Script load(Migration migration) {
		Attempt attempt = attempt(migration);
		if (this.told.add(migration)) {
			this.problems.addAll(attempt.problems());
		}
		return attempt.script();
	}

	/**
	 * Returns what code does to each batch, or {@code null} if the migration is no such
	 * code, or cannot be used.
	 */
	@Nullable BackfillFile ofCode(Migration migration) {
		try {
			return (migration.codeBackfill() != null) ? migration.backfill(null) : null;
		}
		catch (TidemarkException ex) {
			this.problems.addAll(ex.problems());
			return null;
		}
	}

	/**
	 * Returns the content of a file that need not be pending, or {@code null} if it
	 * cannot be read, which is no business of this plan.
	 */
	@Nullable Script peek(Migration migration) {
		return (migration.code() == null) ? attempt(migration).script() : null;
	}

	/**
	 * Tells whether the file does not say that it is for other environments only. If so,
	 * what else is wrong with it is no business of this one.
	 */
	boolean isFor(Migration migration, Set<String> environments) {
		Script script = (migration.code() == null) ? attempt(migration).script() : null;
		if (script != null) {
			return script.directives().isFor(environments);
		}
		try {
			return migration.directives().isFor(environments);
		}
		catch (TidemarkException ex) {
			return true;
		}
	}

	private Attempt attempt(Migration migration) {
		return this.attempts.computeIfAbsent(migration, (file) -> {
			try {
				Script script = this.loader.apply(file);
				return new Attempt(script, script.warnings());
			}
			catch (TidemarkException ex) {
				return new Attempt(null, ex.problems());
			}
		});
	}

	private record Attempt(@Nullable Script script, List<Problem> problems) {
	}

}
