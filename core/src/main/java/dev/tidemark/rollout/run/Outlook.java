package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.command.Engine;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.MigrationState;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.history.backfill.RecordedBackfill;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.history.rollout.Rollout;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.PlanEntry;
import dev.tidemark.rollout.batch.BackfillDefinition;
import dev.tidemark.session.Session;
import dev.tidemark.source.Sources;

/**
 * Looks at the backfills of the files in one schema: which of them are left, and which
 * can go on.
 */
final class Outlook {

	private final Engine engine;

	private final Sources sources;

	private final RolloutSettings settings;

	Outlook(Engine engine, Sources sources, RolloutSettings settings) {
		this.engine = engine;
		this.sources = sources;
		this.settings = settings;
	}

	/** Returns whether there is any backfill among the files. */
	static boolean isNeeded(Sources sources) {
		return sources.migrations().stream().anyMatch((migration) -> migration.phase() == Phase.BACKFILL);
	}

	/**
	 * Looks.
	 * @param session a session
	 * @return the backfills, in order of their versions
	 */
	List<Found> look(Session session) throws SQLException {
		History history = this.engine.table().read(session.connection());
		String schema = history.database().schema();
		if (schema == null) {
			return List.of();
		}
		HistoryTable table = this.engine.table().in(schema);
		return look(table, history, history.recordsBackfills() ? BackfillTable.of(table).readAll(session) : List.of());
	}

	/**
	 * Looks, where it is known what the database says.
	 * @param table the table of the history, in the schema where it is
	 * @param history the history
	 * @param recorded the backfills that have begun
	 */
	List<Found> look(HistoryTable table, History history, List<RecordedBackfill> recorded) {
		Rollout rollout = new Rollout(recorded.stream().map(RecordedBackfill::record).toList(), true);
		Plan plan = this.engine.plan(this.sources, history.with(rollout));
		Map<MigrationVersion, RecordedBackfill> known = recorded.stream()
			.collect(Collectors.toMap((backfill) -> backfill.record().version(), Function.identity()));
		RequiredVersions required = new RequiredVersions(this.settings, this.sources);
		Set<MigrationVersion> needed = required.versions();
		List<Found> found = new ArrayList<>();
		boolean expandLeft = history.isWithoutVersion();
		for (PlanEntry entry : plan.entries()) {
			Migration migration = entry.migration();
			MigrationVersion version = entry.identity().version();
			if (migration == null || version == null) {
				continue;
			}
			if (entry.phase() == Phase.BACKFILL) {
				BackfillDefinition definition = Definitions.of(migration, this.engine, history, this.settings);
				RecordedBackfill record = known.get(version);
				BackfillState state = state(entry, record, expandLeft);
				found.add(new Found(this.engine, table, definition, state, record,
						waits(state, expandLeft, entry, definition),
						isRun(entry) && (needed.contains(version) || required.isReadBy(definition)), null));
			}
			else if (entry.phase() == Phase.EXPAND && entry.state() == MigrationState.PENDING) {
				expandLeft = true;
			}
		}
		return found;
	}

	/** What is left out here, by a decision or by the file, nobody waits for. */
	private static boolean isRun(PlanEntry entry) {
		return entry.state() != MigrationState.SKIPPED;
	}

	/** Returns the versions that are done, whatever their files are. */
	static Set<MigrationVersion> done(History history) {
		Set<MigrationVersion> done = new HashSet<>();
		history.last()
			.stream()
			.filter((entry) -> entry.isDone())
			.forEach((entry) -> Optional.ofNullable(entry.identity().version()).ifPresent(done::add));
		return done;
	}

	/**
	 * Who starts a backfill by hand decides that it need not wait for anybody, and not
	 * that it runs before what its statements may need.
	 */
	private static BackfillState state(PlanEntry entry, @Nullable RecordedBackfill record, boolean expandLeft) {
		if (entry.state().isDone()) {
			return BackfillState.FINISHED;
		}
		if (entry.state() == MigrationState.SKIPPED) {
			return BackfillState.CANCELLED;
		}
		BackfillState known = (record != null) ? record.record().state() : BackfillState.WAITING;
		boolean begun = record != null && record.table() != null;
		return (known == BackfillState.RUNNING && !begun && expandLeft) ? BackfillState.WAITING : known;
	}

	private static @Nullable String waits(BackfillState state, boolean expandLeft, PlanEntry entry,
			BackfillDefinition definition) {
		if (state != BackfillState.WAITING) {
			return entry.reason();
		}
		if (expandLeft) {
			return "waits for the migrations before it";
		}
		if (entry.state() != MigrationState.WAITING) {
			return (entry.reason() != null) ? entry.reason() : "it does not run here";
		}
		return definition.options().manual() ? "waits for a person, who starts it" : null;
	}

}
