package dev.tidemark.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.Planner;
import dev.tidemark.source.BuiltIns;
import dev.tidemark.source.Sources;
import dev.tidemark.sql.Identifiers;

/**
 * Looks at what a run would do, without a lock and without changing anything.
 */
public final class PreviewReader {

	private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);

	private final ConnectionSource connections;

	private final RunSettings settings;

	private final HistoryTable table;

	private final HistoryReader reader;

	private final Planner planner;

	private final Clock clock;

	/**
	 * Makes a reader.
	 * @param connections where connections come from
	 * @param settings how a run would go about its work
	 * @param table the history
	 * @param planner makes the plan
	 * @param clock tells the time that placeholders may ask for
	 */
	public PreviewReader(ConnectionSource connections, RunSettings settings, HistoryTable table, Planner planner,
			Clock clock) {
		this.connections = connections;
		this.settings = settings;
		this.table = table;
		this.reader = new HistoryReader(connections, settings.session(), table);
		this.planner = planner;
		this.clock = clock;
	}

	/**
	 * Returns a reader that looks at another database.
	 * @param database where connections come from
	 * @return the reader
	 */
	public PreviewReader on(ConnectionSource database) {
		return new PreviewReader(database, this.settings, this.table, this.planner, this.clock);
	}

	/**
	 * Looks at what a run would do now.
	 * @param sources the files
	 * @return what would run, and what stands in its way
	 * @throws TidemarkException if there is no connection, or the history cannot be read
	 */
	public Preview read(Sources sources) {
		try (Session session = Session.open(this.connections, this.settings.session(), LOGIN_TIMEOUT)) {
			HistoryReader.Snapshot snapshot = this.reader.read(session.connection());
			BuiltIns builtIns = snapshot.history().database().builtIns(this.table.name(), this.clock.instant());
			Plan plan = this.planner.plan(sources, snapshot.history(), (migration) -> migration.load(builtIns));
			if (snapshot.lockHolder() != null) {
				plan = plan.whileRunning();
			}
			return plan.steps().isEmpty() ? preview(snapshot, plan, List.of())
					: withSchemas(session.connection(), snapshot, plan);
		}
		catch (SQLException ex) {
			throw DatabaseProblems.whileWorking("looking at what a run would do", ex);
		}
	}

	private Preview withSchemas(Connection connection, HistoryReader.Snapshot snapshot, Plan plan) throws SQLException {
		String schema = snapshot.history().database().schema();
		if (schema == null) {
			return preview(snapshot, plan.with(Schemas.noDefault()), List.of());
		}
		HistoryTable found = this.table.in(schema);
		Set<String> missing = Schemas.missing(connection, this.settings, found);
		if (!missing.isEmpty() && !this.settings.createSchemas()) {
			return preview(snapshot, plan.with(Schemas.mayNotBeCreated(missing)), List.of());
		}
		List<String> creates = new ArrayList<>();
		missing.forEach((name) -> creates.add("CREATE SCHEMA " + Identifiers.quote(name)));
		if (!snapshot.history().exists()) {
			creates.add("CREATE TABLE " + found.qualifiedName());
		}
		return preview(snapshot, plan, creates);
	}

	private Preview preview(HistoryReader.Snapshot snapshot, Plan plan, List<String> creates) {
		String schema = snapshot.history().database().schema();
		HistoryTable found = (schema != null) ? this.table.in(schema) : this.table;
		return new Preview(snapshot.history().database(), found.qualifiedName(),
				snapshot.history().currentVersion().orElse(null), snapshot.lockHolder(), creates, plan);
	}

}
