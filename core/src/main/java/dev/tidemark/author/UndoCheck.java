package dev.tidemark.author;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.ReleasedVersions;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.Inverse;
import dev.tidemark.plan.Irreversible;
import dev.tidemark.source.Sources;

/**
 * Checks that versions and their undo files agree, and if it is wanted that each new
 * version has one, or says that it has none on purpose; used once.
 */
final class UndoCheck {

	private final Sources sources;

	private final ReleasedVersions release;

	private final boolean required;

	/** What the files hold, for those that can be read. */
	private final Map<Migration, Script> scripts = new HashMap<>();

	UndoCheck(Sources sources, ReleasedVersions release, boolean required) {
		this.sources = sources;
		this.release = release;
		this.required = required;
	}

	void add(Migration file, @Nullable Script script) {
		if (script != null) {
			this.scripts.put(file, script);
		}
	}

	List<Problem> problems() {
		List<Problem> problems = new ArrayList<>();
		for (Migration migration : this.sources.migrations()) {
			Script script = this.scripts.get(migration);
			if (script != null && migration.identity().isVersioned()) {
				Problem problem = problem(migration, migration.identity(), script);
				if (problem != null) {
					problems.add(problem);
				}
			}
		}
		return problems;
	}

	private @Nullable Problem problem(Migration migration, Identity version, Script script) {
		Migration undo = this.sources.undo(version).orElse(null);
		Problem contradiction = Irreversible.contradicted(migration, script, undo);
		if (contradiction != null || !this.required || this.release.has(version)
				|| script.directives().irreversible() != null) {
			return contradiction;
		}
		if (undo == null) {
			return Problem.error(ErrorCode.UNDO_MISSING, Place.file(migration.script()),
					"Version " + version + " is new and has no undo file.",
					"Write " + Inverse.of(migration, script).script() + "; or if there is no way back, say so at the"
							+ " head of the version: -- tidemark: irreversible reason=\"…\"");
		}
		Script content = this.scripts.get(undo);
		if (content != null && content.statements().isEmpty() && content.directives().nothingToUndo() == null) {
			return Problem.error(ErrorCode.UNDO_MISSING, Place.file(undo.script()),
					"Version " + version + " is new, and its undo file holds no statement.",
					"Write into it what takes the version back; or if nothing has to be, say so in it: "
							+ "-- tidemark: nothing-to-undo reason=\"…\"");
		}
		return null;
	}

}
