package dev.tidemark.plan;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.MigrationState;
import dev.tidemark.history.Original;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Phase;
import dev.tidemark.plan.policy.Baseline;

/**
 * A row that the history gets although nothing runs for it: somebody has decided so.
 *
 * @param identity which migration, or the baseline
 * @param phase when it runs
 * @param description its description
 * @param script its file, or nothing if it has none
 * @param checksum the checksum of the file, or {@code null} if it has none
 * @param state {@code baseline}, {@code skipped} or {@code adopted}
 * @param reason why it was decided
 * @param original what another tool had recorded of it, or {@code null} if none had
 * @since 0.1.0
 */
public record RecordedDecision(Identity identity, Phase phase, String description, String script,
		@Nullable String checksum, MigrationState state, String reason, @Nullable Original original) {

	static RecordedDecision of(Baseline baseline) {
		return new RecordedDecision(baseline.identity(), Phase.EXPAND, "baseline", "", null, MigrationState.BASELINE,
				baseline.reason(), null);
	}

	static RecordedDecision skipped(Migration migration, String reason) {
		Checksum checksum = migration.checksum();
		return new RecordedDecision(migration.identity(), migration.phase(), migration.description(),
				migration.script(), (checksum != null) ? checksum.value() : null, MigrationState.SKIPPED, reason, null);
	}

	/**
	 * Returns the row that the history gets.
	 * @param rank its rank
	 * @param author on whose behalf it is written
	 * @param now the time; what another tool had recorded keeps its own times and user
	 * @return the row
	 */
	public HistoryRow row(int rank, HistoryRow.Author author, Instant now) {
		HistoryEntry entry = new HistoryEntry(rank, this.identity, this.phase, this.description, this.script,
				this.checksum, this.state, 0, 0, null, false, null);
		if (this.original == null) {
			return new HistoryRow(entry, now, now, author, null, this.reason);
		}
		return new HistoryRow(entry, this.original.started(), this.original.finished(),
				author.onBehalfOf(this.original.user()), null, this.reason, this.original);
	}

	/**
	 * Returns the mark in words, such as {@code version 7 as skipped}.
	 */
	@Override
	public String toString() {
		return this.identity.inWords() + ((this.state != MigrationState.BASELINE) ? " as " + this.state : "");
	}

}
