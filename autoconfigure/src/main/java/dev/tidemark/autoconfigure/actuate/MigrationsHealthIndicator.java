package dev.tidemark.autoconfigure.actuate;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import dev.tidemark.Tidemark;
import dev.tidemark.error.Problem;
import dev.tidemark.history.MigrationState;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.inspect.Page;

/**
 * {@link HealthIndicator} of the migrations of one database: down when something is wrong
 * that a person has to solve, unknown when the database does not answer.
 *
 * @since 0.1.0
 */
public class MigrationsHealthIndicator extends AbstractHealthIndicator {

	/** What is applied, health does not tell. */
	private static final Page NOTHING = new Page(0, 0);

	private static final int LISTED = 20;

	private final Tidemark tidemark;

	private final Duration timeout;

	/**
	 * Makes an indicator.
	 * @param tidemark whose migrations
	 * @param timeout how long the database may take to answer
	 */
	public MigrationsHealthIndicator(Tidemark tidemark, Duration timeout) {
		super("Looking at the migrations failed");
		this.tidemark = tidemark;
		this.timeout = timeout;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Inspection inspection = this.tidemark.inspect(InspectRequest.of(NOTHING).within(this.timeout));
		builder.status(status(inspection.state())).withDetail("state", inspection.state().toString());
		if (inspection.currentVersion() != null) {
			builder.withDetail("version", inspection.currentVersion().toString());
		}
		List<MigrationInfo> pending = inspection.in(MigrationState.PENDING);
		builder.withDetail("pending",
				pending.stream().limit(LISTED).map((entry) -> entry.identity().toString()).toList());
		if (pending.size() > LISTED) {
			builder.withDetail("pendingCount", pending.size());
		}
		List<MigrationInfo> waiting = inspection.in(MigrationState.WAITING);
		if (!waiting.isEmpty()) {
			builder.withDetail("waiting",
					waiting.stream().limit(LISTED).map((entry) -> entry.identity().toString()).toList());
		}
		builder.withDetail("problems", codes(inspection));
		CurrentDescriptor current = CurrentDescriptor.of(inspection.current());
		if (current != null) {
			builder.withDetail("current", current);
		}
	}

	private static List<String> codes(Inspection inspection) {
		return inspection.problems()
			.stream()
			.filter(Problem::isError)
			.map((problem) -> problem.code().code())
			.distinct()
			.toList();
	}

	static Status status(Inspection.State state) {
		return switch (state) {
			case UP_TO_DATE, PENDING, RUNNING -> Status.UP;
			case BLOCKED -> Status.DOWN;
			case UNREACHABLE -> Status.UNKNOWN;
		};
	}

}
