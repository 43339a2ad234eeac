package dev.tidemark.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryRow.Failure;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationRun;
import dev.tidemark.sql.PlainText;

/**
 * One migration as the endpoint lists it. What only a run can tell is {@code null} for a
 * migration that never ran.
 *
 * @param version its version, or {@code null} for a repeatable
 * @param name its name, or {@code null} if it has a version
 * @param kind {@code versioned}, {@code baseline} or {@code repeatable}
 * @param phase {@code expand}, {@code backfill} or {@code contract}
 * @param description its description
 * @param script its file
 * @param checksum the checksum of what ran last, or of the file if it never ran
 * @param state its state, such as {@code applied} or {@code out-of-order}
 * @param rank the place of its last run in the history
 * @param reason why it does not run although its file is there, or {@code null}
 * @param startedOn when its last run began
 * @param installedOn when its last run ended well
 * @param durationMillis how long its last run took, in milliseconds
 * @param installedBy on whose behalf it ran
 * @param application which application ran it
 * @param applicationVersion which version of the application
 * @param instance which instance of the application
 * @param deploymentId what all migrations of one run share
 * @param tag the name of the deployment that ran it, or {@code null}
 * @param failure why its last run failed
 * @since 0.1.0
 */
public record MigrationSummary(@Nullable String version, @Nullable String name, String kind, String phase,
		String description, String script, @Nullable String checksum, String state, @Nullable Integer rank,
		@Nullable String reason, @Nullable Instant startedOn, @Nullable Instant installedOn,
		@Nullable Long durationMillis, @Nullable String installedBy, @Nullable String application,
		@Nullable String applicationVersion, @Nullable String instance, @Nullable String deploymentId,
		@Nullable String tag, @Nullable Failure failure) {

	/** Makes the texts fit to be shown, whoever has written them. */
	public MigrationSummary {
		version = PlainText.lineOrNull(version);
		kind = PlainText.line(kind);
		phase = PlainText.line(phase);
		description = PlainText.line(description);
		script = PlainText.line(script);
		state = PlainText.line(state);
		checksum = PlainText.lineOrNull(checksum);
		name = PlainText.lineOrNull(name);
		reason = PlainText.lineOrNull(reason);
		installedBy = PlainText.lineOrNull(installedBy);
		application = PlainText.lineOrNull(application);
		applicationVersion = PlainText.lineOrNull(applicationVersion);
		instance = PlainText.lineOrNull(instance);
		deploymentId = PlainText.lineOrNull(deploymentId);
		tag = PlainText.lineOrNull(tag);
	}

	static MigrationSummary of(MigrationInfo entry, @Nullable MigrationRun lastRun) {
		MigrationVersion version = entry.version();
		HistoryRow.Author author = (lastRun != null) ? lastRun.author() : null;
		return new MigrationSummary((version != null) ? version.toString() : null,
				(version != null) ? null : entry.identity().toString(), entry.kind(), entry.phase().toString(),
				entry.description(), entry.script(), entry.checksum(), entry.state().toString(),
				(lastRun != null) ? lastRun.rank() : null, reason(entry, lastRun),
				(lastRun != null) ? lastRun.started() : null,
				(lastRun != null && lastRun.migration().state().isDone()) ? lastRun.finished() : null,
				(lastRun != null) ? millis(lastRun) : null, (author != null) ? author.installedBy() : null,
				(author != null) ? author.application() : null, (author != null) ? author.applicationVersion() : null,
				(author != null) ? author.instance() : null, (author != null) ? author.deploymentId() : null,
				(author != null) ? author.tag() : null, (lastRun != null) ? lastRun.failure() : null);
	}

	private static @Nullable String reason(MigrationInfo entry, @Nullable MigrationRun lastRun) {
		if (entry.reason() != null || entry.state() != MigrationState.SKIPPED || lastRun == null) {
			return entry.reason();
		}
		return lastRun.note();
	}

	static @Nullable Long millis(MigrationRun run) {
		Duration duration = run.duration();
		return (duration != null) ? duration.toMillis() : null;
	}

}
