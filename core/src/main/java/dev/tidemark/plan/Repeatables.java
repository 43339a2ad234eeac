package dev.tidemark.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.plan.step.Step;
import dev.tidemark.source.Sources;

/**
 * Which repeatables have to run although their text is the same, and in which order
 * repeatables run. The files of those that do not run are not read: what they depend on
 * is in the history, and stands there for the very text that they still have.
 */
final class Repeatables {

	private final Map<Identity, Migration> files = new TreeMap<>();

	private final History history;

	private final Predicate<Migration> selected;

	private final Set<Identity> running = new HashSet<>();

	/**
	 * Compares the files with the history.
	 * @param selected whether a file that has to run may run now
	 */
	Repeatables(Sources sources, History history, Predicate<Migration> selected) {
		this.history = history;
		this.selected = selected;
		for (Migration migration : sources.migrations()) {
			if (migration.identity().isRepeatable()) {
				this.files.put(migration.identity(), migration);
			}
		}
		this.files.values()
			.stream()
			.filter(this::isChanged)
			.filter(selected)
			.forEach((file) -> this.running.add(file.identity()));
		while (addDependents()) {
			// Those that depend on the added ones come next.
		}
	}

	/**
	 * Tells whether a migration has to run because of others, of its placeholders or of
	 * an undo, which may have dropped what it made.
	 */
	boolean mustRun(Migration migration) {
		return this.running.contains(migration.identity());
	}

	/** Returns what the history knows of the values of any files. */
	List<String> knownValues() {
		List<String> known = new ArrayList<>();
		for (HistoryEntry entry : this.history.last()) {
			String values = entry.basis().values();
			if (values != null) {
				known.add(values);
			}
		}
		return known;
	}

	private boolean isChanged(Migration file) {
		HistoryEntry entry = this.history.last(file.identity());
		if (entry == null || !entry.state().isDone()) {
			return true;
		}
		if (!file.isContentOf(entry.checksum()) || this.history.isBeforeUndo(entry)) {
			return true;
		}
		String values = entry.basis().values();
		return values != null && !file.hasSameValues(values);
	}

	private boolean addDependents() {
		Set<Identity> added = new HashSet<>();
		this.files.forEach((identity, file) -> {
			HistoryEntry entry = this.history.last(identity);
			if (entry != null && !this.running.contains(identity)
					&& dependencies(file, entry).stream().anyMatch((other) -> runsAfter(other, entry))
					&& this.selected.test(file)) {
				added.add(identity);
			}
		});
		return this.running.addAll(added);
	}

	/** Code has no text that would tell of a change, but is at hand. */
	private static List<Identity.Repeatable> dependencies(Migration file, HistoryEntry entry) {
		return (file.code() != null) ? file.directives().dependsOn() : entry.basis().dependsOn();
	}

	/** What it depends on will run now, or ran when this one did not get its turn. */
	private boolean runsAfter(Identity dependency, HistoryEntry entry) {
		HistoryEntry last = this.history.last(dependency);
		return this.running.contains(dependency)
				|| (last != null && last.state().isDone() && last.rank() > entry.rank());
	}

	/**
	 * Puts steps in order: the versions, as they are, then of the repeatables always the
	 * first by name of those whose dependencies have run.
	 * @param steps the steps, those of the repeatables at the end in order of their names
	 * @param problems takes what is wrong with the dependencies
	 * @return the steps in order
	 */
	List<Step> inOrder(List<Step> steps, Collection<Problem> problems) {
		List<Step> ordered = new ArrayList<>();
		Map<Identity, Step> waiting = new TreeMap<>();
		for (Step step : steps) {
			if (step.migration().identity().isRepeatable()) {
				waiting.put(step.migration().identity(), step);
				requireKnown(step, problems);
			}
			else {
				ordered.add(step);
			}
		}
		while (!waiting.isEmpty()) {
			Step next = next(waiting);
			if (next == null) {
				problems.add(circle(waiting));
				ordered.addAll(waiting.values());
				break;
			}
			waiting.remove(next.migration().identity());
			ordered.add(next);
		}
		return ordered;
	}

	private static @Nullable Step next(Map<Identity, Step> waiting) {
		for (Step step : waiting.values()) {
			if (step.basis().dependsOn().stream().noneMatch(waiting::containsKey)) {
				return step;
			}
		}
		return null;
	}

	private void requireKnown(Step step, Collection<Problem> problems) {
		for (Identity.Repeatable dependency : step.basis().dependsOn()) {
			if (!this.files.containsKey(dependency)) {
				boolean code = step.migration().code() != null;
				problems.add(Problem.error(ErrorCode.DEPENDENCY, Place.file(step.migration().script()),
						(code ? "The code" : "The file") + " depends on the repeatable '" + dependency
								+ "', of which there is no file.",
						"Correct the name in " + (code ? "dependsOn()" : "the directive depends-on")
								+ ": it is the name of the file without prefix and"
								+ " suffix, such as active_users for R__active_users.sql."));
			}
		}
	}

	/**
	 * Each of those that wait depends on one that waits, so every way ends in a circle.
	 */
	private static Problem circle(Map<Identity, Step> waiting) {
		List<Step> way = new ArrayList<>();
		Step step = waiting.values().iterator().next();
		while (!way.contains(step)) {
			way.add(step);
			step = dependency(step, waiting);
		}
		List<Step> circle = new ArrayList<>(way.subList(way.indexOf(step), way.size()));
		circle.add(step);
		return Problem.error(ErrorCode.DEPENDENCY, Place.file(step.migration().script()),
				"Repeatables depend on each other in a circle: " + circle.stream()
					.map((member) -> "'" + member.migration().identity() + "'")
					.collect(Collectors.joining(" depends on ")) + ".",
				"Take one of them out of what another depends on.");
	}

	private static Step dependency(Step step, Map<Identity, Step> waiting) {
		for (Identity dependency : step.basis().dependsOn()) {
			Step other = waiting.get(dependency);
			if (other != null) {
				return other;
			}
		}
		throw new IllegalStateException("A step that depends on no other one does not wait");
	}

}
