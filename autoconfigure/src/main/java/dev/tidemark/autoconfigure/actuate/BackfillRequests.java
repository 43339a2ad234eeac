package dev.tidemark.autoconfigure.actuate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;

import dev.tidemark.autoconfigure.actuate.EndpointDatabases.Owner;
import dev.tidemark.autoconfigure.backfill.BackfillLifecycle;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.backfill.BackfillOption;
import dev.tidemark.migration.backfill.BackfillOptions;
import dev.tidemark.migration.backfill.BatchLimits;
import dev.tidemark.migration.backfill.PaceLimits;
import dev.tidemark.migration.backfill.UnusableOptionException;
import dev.tidemark.rollout.BackfillControl;
import dev.tidemark.rollout.BackfillControl.NewPace;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.Backfills;

/**
 * What a person may ask for about backfills.
 *
 * @param databases the databases that may be meant
 */
record BackfillRequests(EndpointDatabases databases) {

	private static final int MOST_BATCHES = 100;

	private static final int DEFAULT_BATCHES = 3;

	private static final String PACE = "{\"action\": \"pace\", \"duty\": \"0.2\", \"reason\": \"…\"}";

	/**
	 * Says what shall become of a backfill. An instance that works on it sees that before
	 * its next batch, and this one at once.
	 */
	BackfillDescriptor control(Backfills backfills, String version, MigrationAction action, String reason,
			Map<BackfillOption, String> pace) {
		BackfillProgress progress = backfills.control(new BackfillControl(version(version), action.control(), reason,
				(action == MigrationAction.PACE) ? pace(pace) : null));
		this.databases.contexts().forEach(BackfillRequests::wake);
		return BackfillDescriptor.of(progress);
	}

	private static void wake(ApplicationContext context) {
		context.getBeanProvider(BackfillLifecycle.class).ifAvailable(BackfillLifecycle::wake);
	}

	/**
	 * Runs the next batches in transactions that are rolled back.
	 * @param batches how many, or {@code null} for the default
	 */
	DryRunDescriptor dryRun(Backfills backfills, String version, @Nullable Integer batches) {
		int number = (batches != null) ? batches : DEFAULT_BATCHES;
		if (number < 1 || number > MOST_BATCHES) {
			throw refused(
					"The field 'batches' of the request must be from 1 to " + MOST_BATCHES + "; it is " + number + ".",
					"Send it again, as in {\"action\": \"dry-run\", \"batches\": 3}.");
		}
		return DryRunDescriptor.of(backfills.dryRun(version(version), number));
	}

	/**
	 * Pauses all backfills that are left. A database that does not answer keeps no other
	 * from being asked.
	 * @param tidemark the name of the bean that is meant, or {@code null} for all
	 */
	PausedDescriptor pauseAll(String reason, @Nullable String tidemark) {
		Map<String, List<BackfillDescriptor>> paused = new LinkedHashMap<>();
		Map<String, List<ProblemDescriptor>> problems = new LinkedHashMap<>();
		for (Owner owner : meant(tidemark)) {
			try {
				paused.put(owner.name(),
						owner.backfills().pauseAll(reason).stream().map(BackfillDescriptor::listed).toList());
			}
			catch (TidemarkException ex) {
				problems.put(owner.name(), ProblemDescriptor.of(ex.problems()));
			}
		}
		return new PausedDescriptor(paused, problems);
	}

	private List<Owner> meant(@Nullable String tidemark) {
		return (tidemark != null) ? List.of(new Owner(tidemark, this.databases.backfills(tidemark)))
				: this.databases.owners();
	}

	/** Returns the version of a backfill; repeatables are none. */
	private static MigrationVersion version(String text) {
		Identity identity = Identity.of(text);
		MigrationVersion version = identity.version();
		if (version == null) {
			throw new TidemarkException(Problem.error(ErrorCode.BACKFILL_CONTROL, null,
					"There is no backfill of " + identity.inWords() + ".", "Name the version of a backfill."));
		}
		return version;
	}

	/**
	 * Reads a pace, as files and settings write it.
	 * @param fields the values by the names of their fields, {@code null} for what stays
	 * as it is
	 */
	private static NewPace pace(Map<BackfillOption, String> fields) {
		if (fields.isEmpty()) {
			throw refused("The request does not say which pace is wanted.", "Send it again, as in " + PACE + ".");
		}
		List<BackfillOption> said = new ArrayList<>(fields.keySet());
		try {
			BackfillOptions options = BackfillOptions.DEFAULT.with(fields);
			PaceLimits pace = options.pace();
			BatchLimits batch = options.batch();
			return new NewPace(said.contains(BackfillOption.DUTY) ? pace.duty() : null,
					said.contains(BackfillOption.MAX_ROWS_PER_SECOND) ? pace.maxRowsPerSecond() : null,
					said.contains(BackfillOption.MAX_WAL_PER_SECOND) ? pace.maxWalPerSecond() : null,
					said.contains(BackfillOption.TARGET) ? batch.target() : null,
					said.contains(BackfillOption.MAX_SIZE) ? batch.most() : null);
		}
		catch (UnusableOptionException ex) {
			throw refused(ex.what(), ex.remedy());
		}
	}

	private static TidemarkException refused(String what, String remedy) {
		return new TidemarkException(Problem.error(ErrorCode.REQUEST, null, what, remedy));
	}

}
