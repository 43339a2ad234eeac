package dev.tidemark.plan;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.Basis;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.plan.policy.PlanPolicy;
import dev.tidemark.plan.rollout.TableLook;
import dev.tidemark.plan.step.Continuation;
import dev.tidemark.plan.step.Step;
import dev.tidemark.source.Sources;

/**
 * Compares the files with the history. It reads the content of pending files only, and
 * touches nothing.
 *
 * @since 0.1.0
 */
public final class Planner {

	private final PlanPolicy policy;

	/**
	 * Makes a planner.
	 * @param policy what a plan may contain
	 */
	public Planner(PlanPolicy policy) {
		this.policy = policy;
	}

	/**
	 * Makes the plan.
	 * @param sources the files
	 * @param history the history
	 * @param loader reads the content of a pending file, as {@link Migration#load()} does
	 * @return the plan, problems included
	 */
	public Plan plan(Sources sources, History history, Function<Migration, Script> loader) {
		return plan(sources, history, loader, null);
	}

	/**
	 * Makes the plan, and looks at the tables that backfills and contracts are about.
	 * @param sources the files
	 * @param history the history
	 * @param loader reads the content of a pending file, as {@link Migration#load()} does
	 * @param look finds tables, or {@code null} if nobody can be asked
	 * @return the plan, problems included
	 */
	public Plan plan(Sources sources, History history, Function<Migration, Script> loader, @Nullable TableLook look) {
		return new Comparison(sources, history, this.policy, loader, look).plan();
	}

	/**
	 * Makes the plan of a person who says at what version an existing database is: that
	 * will be recorded, and nothing runs.
	 * @param sources the files
	 * @param history the history
	 * @param baseline at what version the database is
	 * @return the plan; its entries are the files that count as done then, and it is
	 * empty if the same is recorded already
	 */
	public Plan baseline(Sources sources, History history, Baseline baseline) {
		return new BaselinePlanner(sources, history, this.policy).plan(baseline);
	}

	/**
	 * Makes the plan of an undo.
	 * @param selection which migrations to undo
	 * @param sources the files
	 * @param history the history
	 * @param rows all rows of the history in order of their ranks
	 * @param loader reads the content of a file, as {@link Migration#load()} does
	 * @return the plan, problems included; without steps and errors if there is nothing
	 * left to undo
	 */
	public UndoPlan undo(UndoSelection selection, Sources sources, History history, List<HistoryRow> rows,
			Function<Migration, Script> loader) {
		Set<String> environments = this.policy.selection().environments();
		return new UndoPlanner(sources, history, rows, loader, environments).plan(selection);
	}

	/**
	 * Says what the history has to know when the statement is done at which a run
	 * stopped, so that the next run goes on behind it.
	 * @param stopped the run, or the undo
	 * @param rank the rank of the row that will say so
	 * @param sources the files
	 * @param loader reads the content of a file, as {@link Migration#load()} does
	 * @param cut cuts what the catalogue says that it cannot run in a transaction
	 * @return the entry of that row
	 * @throws TidemarkException if there is no such statement, or nobody can tell which
	 * one it is
	 */
	public HistoryEntry continued(HistoryRow stopped, int rank, Sources sources, Function<Migration, Script> loader,
			UnaryOperator<Step> cut) {
		HistoryEntry entry = stopped.entry();
		Migration migration = (entry.undo() ? sources.undo(entry.identity()) : sources.migration(entry.identity()))
			.orElseThrow(() -> Continuation.refused(entry, "Its file is gone.",
					"Decide with a build that has the file, or in another way."));
		if (migration.code() != null) {
			throw Continuation.refused(entry, "It is code, of which no statements are known.",
					"Decide whether all of it is done, or nothing: tidemark.resolve.as=applied, undone or retry.");
		}
		Script script = loader.apply(migration);
		String known = entry.basis().values();
		Basis basis = new Basis(entry.undo() ? List.of() : script.directives().dependsOn(),
				script.placeholders().remember(Stream.ofNullable(known).toList()));
		return new Continuation(stopped, migration, Step.again(migration, script, basis, entry), cut).entry(rank);
	}

}
