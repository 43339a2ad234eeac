package dev.tidemark.command;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryEvidence;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.progress.Changes;

/**
 * What one run has done so far, and what it knows of it. Used by the thread of the run
 * alone.
 */
final class RunSoFar {

	private final List<MigrationResult> applied = new ArrayList<>();

	private final List<Step> ran = new ArrayList<>();

	/** What was added to the history that was read last. */
	private final List<HistoryEntry> recorded = new ArrayList<>();

	private final Changes changes = new Changes();

	private final Set<String> createdSchemas = new LinkedHashSet<>();

	/** Some are true only until their migration has run, others stay. */
	private final Set<Problem> warnings = new LinkedHashSet<>();

	/** Shows that the last change of the history is there. */
	private @Nullable HistoryEvidence last;

	/** Whether a crash of the server would take back what the run has told of. */
	private boolean lossy;

	List<MigrationResult> applied() {
		return this.applied;
	}

	List<Step> ran() {
		return this.ran;
	}

	List<HistoryEntry> recorded() {
		return this.recorded;
	}

	Changes changes() {
		return this.changes;
	}

	Set<String> createdSchemas() {
		return this.createdSchemas;
	}

	Set<Problem> warnings() {
		return this.warnings;
	}

	@Nullable HistoryEvidence last() {
		return this.last;
	}

	/** Something was written; it is there if the evidence is. */
	void wrote(HistoryEvidence evidence) {
		this.last = evidence;
	}

	boolean isLossy() {
		return this.lossy;
	}

	void setLossy(boolean lossy) {
		this.lossy = lossy;
	}

	/** A migration has run, and its row is there. */
	void ran(Step step, MigrationResult result) {
		this.ran.add(step);
		this.applied.add(result);
		this.changes.add(step.migration().identity().inWords() + " is applied");
	}

}
