package dev.tidemark.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import dev.tidemark.error.Place;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationRun;
import dev.tidemark.run.inspect.Group;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.inspect.LockAttempt;
import dev.tidemark.run.inspect.Page;
import dev.tidemark.session.lock.LockHolder;
import dev.tidemark.session.watch.Activity;
import dev.tidemark.session.watch.StatementProgress;
import dev.tidemark.sql.PlainText;
import dev.tidemark.tenant.TenantsInspection;

/**
 * The migrations of an application.
 *
 * @param contexts what each application context holds, by the id of the context
 * @since 0.1.0
 */
public record MigrationsDescriptor(Map<String, ContextDescriptor> contexts) implements OperationResponseBody {

	/**
	 * The migrations of one application context.
	 *
	 * @param parentId the id of the parent context, or {@code null} if there is none
	 * @param tidemarks what each {@code Tidemark} sees, by the name of its bean; of one
	 * tenant that was asked for, by name of the bean and schema
	 * @param tenants what each {@code Tenants} sees, by the name of its bean, or
	 * {@code null} if there is none
	 * @since 0.1.0
	 */
	public record ContextDescriptor(@Nullable String parentId, Map<String, TidemarkDescriptor> tidemarks,
			@Nullable Map<String, TenantsDescriptor> tenants) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public ContextDescriptor {
			parentId = PlainText.lineOrNull(parentId);
		}
	}

	/**
	 * The migrations of many tenants.
	 *
	 * @param state the state of the tenant that is worst off, as that of one database
	 * @param counts how many tenants there are in each state, by its name
	 * @param others the first tenants that are not up to date, at most 100
	 * @param backfills how far the backfills of all of them are together, {@code null} if
	 * none is left
	 * @param problems what is wrong with all of them, and what to do
	 * @since 0.1.0
	 */
	public record TenantsDescriptor(String state, Map<String, Integer> counts, List<TenantDescriptor> others,
			@Nullable List<BackfillDescriptor> backfills, List<ProblemDescriptor> problems) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public TenantsDescriptor {
			state = PlainText.line(state);
		}

		private static final int LISTED = 100;

		static TenantsDescriptor of(TenantsInspection inspection, SeenBackfills backfills) {
			Map<String, Integer> counts = new LinkedHashMap<>();
			inspection.counts().forEach((state, count) -> counts.put(state.toString(), count));
			List<TenantDescriptor> others = inspection.tenants()
				.stream()
				.filter((tenant) -> tenant.state() != Inspection.State.UP_TO_DATE)
				.limit(LISTED)
				.map(TenantDescriptor::of)
				.toList();
			return new TenantsDescriptor(inspection.state().toString(), counts, others, backfills.listed(),
					ProblemDescriptor.of(backfills.after(inspection.problems())));
		}

	}

	/**
	 * One tenant.
	 *
	 * @param schema its schema
	 * @param state its state
	 * @param currentVersion the newest version in it, or {@code null}
	 * @param pending how many migrations have yet to run
	 * @param current what a run of this instance is doing in it, or {@code null}
	 * @param problems what is wrong with it, and what to do
	 * @since 0.1.0
	 */
	public record TenantDescriptor(String schema, String state, @Nullable String currentVersion, int pending,
			@Nullable CurrentDescriptor current, List<ProblemDescriptor> problems) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public TenantDescriptor {
			schema = PlainText.line(schema);
			state = PlainText.line(state);
			currentVersion = PlainText.lineOrNull(currentVersion);
		}

		static TenantDescriptor of(TenantsInspection.Tenant tenant) {
			return new TenantDescriptor(tenant.schema(), tenant.state().toString(),
					(tenant.currentVersion() != null) ? tenant.currentVersion().toString() : null, tenant.pending(),
					CurrentDescriptor.of(tenant.current()), ProblemDescriptor.of(tenant.problems()));
		}

	}

	/**
	 * The migrations of one database.
	 *
	 * @param state {@code up-to-date}, {@code pending}, {@code running}, {@code blocked}
	 * or {@code unreachable}
	 * @param currentVersion the newest version in the database, or {@code null}
	 * @param database the name of the database, or {@code null} if it did not answer
	 * @param schema the schema of the history, or {@code null}
	 * @param historyTable the name of the history table
	 * @param lockHolder the session that migrates now, or {@code null}
	 * @param current what is being done right now, or {@code null} if nothing is
	 * @param lockAttempts the newest attempts of this instance's run that goes on, or
	 * else of its last one, that did not get a lock
	 * @param page which page of {@code applied}, {@code passedOver} and {@code deviating}
	 * is shown
	 * @param applied what is in the database, what ran last first
	 * @param pending what has yet to run
	 * @param running what runs now
	 * @param passedOver what does not run here on purpose: skipped, or superseded
	 * @param deviating what is neither as the files nor as the history alone say: failed,
	 * interrupted, changed, missing, ahead, out of order and so on
	 * @param waiting what runs after the start, and has not been done yet
	 * @param backfills how far the backfills have come, or {@code null} if none is left
	 * @param problems what is wrong, and what to do
	 * @since 0.1.0
	 */
	public record TidemarkDescriptor(String state, @Nullable String currentVersion, @Nullable String database,
			@Nullable String schema, String historyTable, @Nullable LockHolderDescriptor lockHolder,
			@Nullable CurrentDescriptor current, List<LockAttemptDescriptor> lockAttempts, PageDescriptor page,
			List<MigrationSummary> applied, List<MigrationSummary> pending, List<MigrationSummary> running,
			List<MigrationSummary> passedOver, List<MigrationSummary> deviating, List<MigrationSummary> waiting,
			@Nullable List<BackfillDescriptor> backfills, List<ProblemDescriptor> problems) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public TidemarkDescriptor {
			state = PlainText.line(state);
			currentVersion = PlainText.lineOrNull(currentVersion);
			database = PlainText.lineOrNull(database);
			schema = PlainText.lineOrNull(schema);
			historyTable = PlainText.line(historyTable);
		}

		static TidemarkDescriptor of(Inspection inspection, Page page, SeenBackfills backfills) {
			Map<Integer, MigrationRun> rows = inspection.runs()
				.stream()
				.collect(Collectors.toMap(MigrationRun::rank, Function.identity()));
			var database = inspection.database();
			return new TidemarkDescriptor(inspection.state().toString(),
					(inspection.currentVersion() != null) ? inspection.currentVersion().toString() : null,
					(database != null) ? database.name() : null, (database != null) ? database.schema() : null,
					inspection.historyTable(), LockHolderDescriptor.of(inspection.lockHolder()),
					CurrentDescriptor.of(inspection.current()),
					inspection.lockAttempts().stream().map(LockAttemptDescriptor::of).toList(),
					PageDescriptor.of(page, inspection), page(inspection, Group.APPLIED, page, rows),
					all(inspection, Group.PENDING, rows), all(inspection, Group.RUNNING, rows),
					page(inspection, Group.PASSED_OVER, page, rows), page(inspection, Group.DEVIATING, page, rows),
					all(inspection, Group.WAITING, rows), backfills.listed(),
					ProblemDescriptor.of(backfills.after(inspection.problems())));
		}

		private static List<MigrationSummary> page(Inspection inspection, Group group, Page page,
				Map<Integer, MigrationRun> rows) {
			return inspection.in(group, page).stream().map((entry) -> summary(entry, rows)).toList();
		}

		private static List<MigrationSummary> all(Inspection inspection, Group group, Map<Integer, MigrationRun> rows) {
			return inspection.migrations()
				.stream()
				.filter((entry) -> Group.of(entry.state()) == group)
				.map((entry) -> summary(entry, rows))
				.toList();
		}

		private static MigrationSummary summary(MigrationInfo entry, Map<Integer, MigrationRun> rows) {
			return MigrationSummary.of(entry, lastRun(entry, rows));
		}

		private static @Nullable MigrationRun lastRun(MigrationInfo entry, Map<Integer, MigrationRun> rows) {
			return (entry.rank() != null) ? rows.get(entry.rank()) : null;
		}

	}

	/**
	 * Which part of long lists is shown.
	 *
	 * @param number which page it is, from 0
	 * @param size how many migrations of each list a page has
	 * @param totalPages how many pages there are
	 * @param applied how many migrations are in the database
	 * @param passedOver how many do not run here on purpose
	 * @param deviating how many are neither as the files nor as the history say
	 * @since 0.1.0
	 */
	public record PageDescriptor(int number, int size, int totalPages, int applied, int passedOver, int deviating) {

		static PageDescriptor of(Page page, Inspection inspection) {
			int applied = inspection.count(Group.APPLIED);
			int passedOver = inspection.count(Group.PASSED_OVER);
			int deviating = inspection.count(Group.DEVIATING);
			return new PageDescriptor(page.number(), page.size(),
					page.count(Math.max(applied, Math.max(passedOver, deviating))), applied, passedOver, deviating);
		}

	}

	/**
	 * The session that migrates now. What the login may not see is {@code null}.
	 *
	 * @param pid the process id of its backend
	 * @param user its user
	 * @param application its {@code application_name}
	 * @param client the address it comes from; {@code null} also for a local socket
	 * @param connectedMillis how long it has been connected, in milliseconds
	 * @param state what it is doing, such as {@code active}
	 * @param statement the beginning of its last statement
	 * @param runningMillis how long ago that statement began, in milliseconds
	 * @param waitsFor the event that it waits for, or {@code null} if it works
	 * @param lock the lock that it waits for, or {@code null} if it waits for none
	 * @param phase what PostgreSQL says its command is doing, or {@code null}
	 * @param percent how much of the phase is done, or {@code null}
	 * @param blockers the sessions whose locks it waits for
	 * @param grant the SQL that would show the rest, or {@code null} if all is shown
	 * @param withoutLock {@code true} if a statement of it has released the instance lock
	 * and it works on, else {@code null}
	 * @since 0.1.0
	 */
	public record LockHolderDescriptor(int pid, @Nullable String user, @Nullable String application,
			@Nullable String client, @Nullable Long connectedMillis, @Nullable String state, @Nullable String statement,
			@Nullable Long runningMillis, @Nullable String waitsFor, @Nullable LockDescriptor lock,
			@Nullable String phase, @Nullable Integer percent, List<BlockerDescriptor> blockers, @Nullable String grant,
			@Nullable Boolean withoutLock) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public LockHolderDescriptor {
			user = PlainText.lineOrNull(user);
			application = PlainText.lineOrNull(application);
			client = PlainText.lineOrNull(client);
			state = PlainText.lineOrNull(state);
			statement = PlainText.lineOrNull(statement);
			waitsFor = PlainText.lineOrNull(waitsFor);
			phase = PlainText.lineOrNull(phase);
			grant = PlainText.lineOrNull(grant);
		}

		static @Nullable LockHolderDescriptor of(@Nullable LockHolder holder) {
			if (holder == null) {
				return null;
			}
			Activity activity = holder.activity();
			StatementProgress progress = activity.progress();
			return new LockHolderDescriptor(holder.pid(), holder.user(), holder.application(),
					"".equals(holder.client()) ? null : holder.client(), millis(holder.connected()), holder.state(),
					holder.statement(), millis(holder.running()), activity.waitsFor(),
					LockDescriptor.of(activity.lock()), (progress != null) ? progress.phase() : null,
					(progress != null) ? progress.percent() : null,
					activity.blockers().stream().map(BlockerDescriptor::of).toList(), holder.grant(),
					holder.locked() ? null : true);
		}

	}

	private static @Nullable Long millis(@Nullable Duration duration) {
		return (duration != null) ? duration.toMillis() : null;
	}

	/**
	 * An attempt of a migration that did not get its lock in time and was rolled back.
	 *
	 * @param migration the version, or the name of a repeatable
	 * @param attempt which attempt it was, from 1
	 * @param failedOn when it was rolled back
	 * @param nextOn when the next one was due
	 * @param where the statement that waited, with its file and line, or {@code null}
	 * @param lock the lock that it waited for, or {@code null} if it was not seen
	 * @param blockers the sessions that were in the way, as far as they were seen
	 * @since 0.1.0
	 */
	public record LockAttemptDescriptor(String migration, int attempt, Instant failedOn, Instant nextOn,
			@Nullable Place where, @Nullable LockDescriptor lock, List<BlockerDescriptor> blockers) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public LockAttemptDescriptor {
			migration = PlainText.line(migration);
		}

		static LockAttemptDescriptor of(LockAttempt attempt) {
			LockWait wait = attempt.lockWait();
			return new LockAttemptDescriptor(wait.migration().toString(), wait.attempt(), attempt.failedAt(),
					attempt.nextAt(), wait.where(), LockDescriptor.of(wait.lock()),
					wait.blockers().stream().map(BlockerDescriptor::of).toList());
		}

	}

}
