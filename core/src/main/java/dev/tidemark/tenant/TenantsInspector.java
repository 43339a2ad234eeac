package dev.tidemark.tenant;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.tidemark.command.Engine;
import dev.tidemark.command.SchemaName;
import dev.tidemark.command.SharedScripts;
import dev.tidemark.command.look.Inspector;
import dev.tidemark.command.look.TenantSnapshotReader;
import dev.tidemark.command.look.TimedQuestion;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Phase;
import dev.tidemark.plan.Plan;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.source.Sources;
import dev.tidemark.tenant.TenantsInspection.Tenant;

/**
 * Looks at the histories of many schemas without waiting.
 *
 * @since 0.1.0
 */
public final class TenantsInspector {

	private final Engine engine;

	private final Inspector inspector;

	private final TimedQuestion<TenantsInspector, TenantsInspection> look = new TimedQuestion<>(Function.identity());

	public TenantsInspector(Engine engine, Inspector inspector) {
		this.engine = engine;
		this.inspector = inspector;
	}

	/**
	 * Looks.
	 * @param schemas names the schemas, once the database is asked
	 * @param files returns the files
	 */
	public TenantsInspection inspect(Supplier<List<String>> schemas, Supplier<Sources> files, Duration timeout) {
		try {
			return this.look.look(this, (opened) -> inspect(schemas.get(), files.get(), timeout, opened), timeout);
		}
		catch (TimeoutException ex) {
			return unreachable(this.inspector.notAnswered(timeout));
		}
		catch (SQLException ex) {
			return unreachable(this.inspector.notAnswered(ex));
		}
		catch (TidemarkException ex) {
			return new TenantsInspection(Inspector.state(ex), List.of(), ex.problems());
		}
	}

	private TenantsInspection inspect(List<String> schemas, Sources sources, Duration timeout,
			Consumer<Connection> opened) throws SQLException {
		TenantSnapshotReader.Snapshot snapshot = new TenantSnapshotReader(this.engine)
			.read(schemas.stream().filter(SchemaName::isSchema).toList(), timeout, opened);
		Engine shared = this.engine.sharing(new SharedScripts());
		return TenantsInspection
			.of(schemas.stream().map((schema) -> tenant(schema, shared, sources, snapshot)).toList());
	}

	private Tenant tenant(String schema, Engine shared, Sources sources, TenantSnapshotReader.Snapshot snapshot) {
		if (!SchemaName.isSchema(schema)) {
			return blocked(schema, Problem.error(ErrorCode.SETTING, null, "There can be no schema of that name.",
					"Correct the name of the tenant."));
		}
		History history = snapshot.histories().of(schema).orElse(null);
		if (history == null) {
			return blocked(schema, Problem.error(ErrorCode.HISTORY_ACCESS, null,
					"The history of this schema cannot be read.", "Look at this tenant alone, which tells why."));
		}
		boolean running = snapshot.running().contains(schema);
		Plan plan = shared.in(schema).plan(sources, history);
		plan = running ? plan.whileRunning() : plan;
		List<Problem> problems = new ArrayList<>(plan.problems());
		if (!running && plan.errors().isEmpty()) {
			plan.entries().forEach((entry) -> Inspector.leftBehind(entry, List.of()).ifPresent(problems::add));
		}
		return new Tenant(schema, Inspector.state(plan, running), history.currentVersion().orElse(null),
				plan.steps().size(), leavesBackfills(plan), this.inspector.currentIn(schema), problems);
	}

	private static boolean leavesBackfills(Plan plan) {
		return plan.entries()
			.stream()
			.anyMatch((entry) -> entry.phase() == Phase.BACKFILL && entry.state() == MigrationState.WAITING);
	}

	private static Tenant blocked(String schema, Problem problem) {
		return new Tenant(schema, Inspection.State.BLOCKED, null, 0, false, null, List.of(problem));
	}

	private static TenantsInspection unreachable(Problem problem) {
		return new TenantsInspection(Inspection.State.UNREACHABLE, List.of(), List.of(problem));
	}

}
