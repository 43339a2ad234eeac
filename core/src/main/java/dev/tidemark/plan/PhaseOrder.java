package dev.tidemark.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.migration.Script;
import dev.tidemark.migration.backfill.BackfillFile;
import dev.tidemark.plan.rollout.Conflicts;
import dev.tidemark.plan.rollout.MissingTables;
import dev.tidemark.plan.rollout.Strangers;
import dev.tidemark.plan.rollout.TableLook;
import dev.tidemark.plan.rollout.WaitingPhases;
import dev.tidemark.plan.step.Step;
import dev.tidemark.source.Sources;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.parse.Statements;

/**
 * Which backfills and contracts run in their turn, and what is told of those that do not.
 * Used by one comparison, which asks in the order of versions.
 */
final class PhaseOrder {

	private final Sources sources;

	private final History history;

	private final PendingScripts scripts;

	private final TableLook look;

	/** Whether all phases run now, as nothing is in the database that could need them. */
	private final boolean fresh;

	private final @Nullable MigrationVersion current;

	private final WaitingPhases waiting;

	/** What others live on, by those that would change it. */
	private final Map<Migration, Optional<String>> strangers = new HashMap<>();

	PhaseOrder(Sources sources, History history, PendingScripts scripts, TableLook look, boolean fresh) {
		this.sources = sources;
		this.history = history;
		this.scripts = scripts;
		this.look = look;
		this.fresh = fresh;
		this.current = history.currentVersion().orElse(null);
		this.waiting = new WaitingPhases(history.rollout());
	}

	/**
	 * Tells whether a backfill or contract runs when all before it has run. One that came
	 * when what is behind it had run already has to wait, as everywhere, and so has one
	 * that changes what others live on.
	 */
	boolean runsInTurn(Migration migration) {
		MigrationVersion version = migration.identity().version();
		boolean late = this.current != null && version != null && version.compareTo(this.current) < 0;
		return this.fresh && !late && !(migration.phase() == Phase.CONTRACT && this.waiting.hasUnfinished())
				&& stranger(migration).isEmpty();
	}

	private Optional<String> stranger(Migration migration) {
		return this.strangers.computeIfAbsent(migration, (file) -> {
			Script script = this.scripts.peek(file);
			BackfillFile backfill = (script != null) ? script.backfill() : this.scripts.ofCode(file);
			if (script == null && backfill == null) {
				return Optional.empty();
			}
			QualifiedName walked = (backfill != null) ? WaitingPhases.table(backfill.table()) : null;
			return Strangers.of((script != null) ? script.statements() : List.of(), walked)
				.first(this.look, new MadeByFiles(file));
		});
	}

	/**
	 * Takes a look at one that does not run with the others.
	 * @return what it waits for, or {@code null} if it does not wait
	 */
	@Nullable String later(Migration migration, MigrationState state) {
		boolean waits = state == MigrationState.WAITING;
		if (!waits && state != MigrationState.PENDING && state != MigrationState.SKIPPED) {
			return null;
		}
		String reason = null;
		if (state != MigrationState.SKIPPED) {
			Script script = (migration.code() != null) ? null
					: waits ? this.scripts.load(migration) : this.scripts.peek(migration);
			BackfillFile backfill = (script != null) ? script.backfill() : this.scripts.ofCode(migration);
			if (waits) {
				reason = this.waiting.reason(migration, backfill);
				String stranger = this.strangers.getOrDefault(migration, Optional.empty()).orElse(null);
				reason = (stranger != null) ? reason + ", as it changes " + stranger + ", which no migration has made"
						: reason;
			}
			if (script != null || backfill != null) {
				this.waiting.add(migration, (script != null) ? script.statements() : List.of(), backfill);
			}
		}
		this.waiting.add(migration, state);
		return reason;
	}

	/** Returns what is in the way of a run, or in whose way it is. */
	List<Problem> problems(List<Step> steps) {
		List<Problem> problems = new ArrayList<>();
		if (!this.waiting.files().isEmpty() && !steps.isEmpty()) {
			DeclaredConstraints constraints = new DeclaredConstraints(this.sources, this.scripts);
			problems.addAll(Conflicts.find(steps, this.waiting.files(), constraints::find, this.look));
			problems.addAll(MissingTables.find(steps,
					this.waiting.files().stream().filter((file) -> this.waiting.waits(file.migration())).toList(),
					this.look));
		}
		return problems;
	}

	/** What files make before one of them runs. */
	private final class MadeByFiles implements Strangers.Made {

		private final Migration before;

		MadeByFiles(Migration before) {
			this.before = before;
		}

		@Override
		public boolean any(Predicate<Statement> wanted) {
			return any(wanted, (file) -> file.identity().compareTo(this.before.identity()) < 0);
		}

		@Override
		public boolean anyApplied(Predicate<Statement> wanted) {
			return any(wanted, (file) -> {
				HistoryEntry entry = PhaseOrder.this.history.last(file.identity());
				return entry != null && entry.isDone();
			});
		}

		private boolean any(Predicate<Statement> wanted, Predicate<Migration> which) {
			return PhaseOrder.this.sources.migrations()
				.stream()
				.filter(which)
				.map(PhaseOrder.this.scripts::peek)
				.filter(Objects::nonNull)
				.flatMap((script) -> script.statements().stream())
				.map((SqlStatement sql) -> Statements.of(sql))
				.anyMatch(wanted);
		}

	}

}
