package dev.tidemark.command.look;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.springframework.util.ClassUtils;

import dev.tidemark.catalogue.PartitionedTables;
import dev.tidemark.command.DataAtRiskReader;
import dev.tidemark.command.Engine;
import dev.tidemark.command.Schemas;
import dev.tidemark.command.SnapshotReader;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.migration.BuiltIns;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.Inverse;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.UndoSuggestion;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.Describe;
import dev.tidemark.run.preview.PlannedCallback;
import dev.tidemark.run.preview.Preview;
import dev.tidemark.run.step.Callbacks;
import dev.tidemark.session.Session;
import dev.tidemark.session.outcome.ConnectionProblems;
import dev.tidemark.source.Sources;
import dev.tidemark.sql.Identifiers;

/**
 * Looks at what a run would do, without a lock and without changing anything.
 *
 * @since 0.1.0
 */
public final class PreviewReader {

	private final Engine engine;

	private final SnapshotReader reader;

	private final DataAtRiskReader risk;

	/**
	 * Creates a reader.
	 * @param engine what to work with
	 */
	public PreviewReader(Engine engine) {
		this.engine = engine;
		this.reader = new SnapshotReader(engine.connections(), engine.settings().session(), engine.table());
		this.risk = new DataAtRiskReader(engine.evidence(), engine.settings().restorePoints());
	}

	/**
	 * Looks at what a run would do now.
	 * @param sources the files
	 * @return what would run, and what stands in its way
	 * @throws TidemarkException if there is no connection, or the history cannot be read
	 */
	public Preview read(Sources sources) {
		try (Session session = Session.open(this.engine.connections(), this.engine.settings().session(),
				Engine.LOGIN_TIMEOUT)) {
			return preview(session, sources, this.reader.read(session.connection()));
		}
		catch (SQLException ex) {
			throw ConnectionProblems.whileWorking("looking at what a run would do", ex);
		}
	}

	/**
	 * Tells of a schema at which nobody could look.
	 * @param problems why
	 * @return what would run: nothing, since a run would be refused
	 */
	public Preview refused(List<Problem> problems) {
		String database = this.engine.connections().database().orElse("unknown");
		return new Preview(new DatabaseIdentity(database, "", this.engine.table().schema()), this.engine.table().name(),
				null, null, List.of(), List.of(), List.of(), List.of(), problems, List.of(), List.of(), null);
	}

	private Preview preview(Session session, Sources sources, SnapshotReader.Snapshot snapshot) throws SQLException {
		History history = snapshot.history();
		BuiltIns builtIns = this.engine.builtIns(history.database());
		Map<Migration, Script> scripts = new HashMap<>();
		Plan plan = this.engine.planner()
			.plan(sources, history,
					(migration) -> scripts.computeIfAbsent(migration, (file) -> this.engine.load(file, builtIns)),
					this.engine.tables(sources, session, history));
		if (snapshot.lockHolder() != null) {
			plan = plan.whileRunning();
		}
		List<Problem> problems = new ArrayList<>();
		String schema = history.database().schema();
		HistoryTable found = (schema != null) ? this.engine.table().in(schema) : this.engine.table();
		Set<String> missing = Set.of();
		if (!plan.isEmpty()) {
			missing = missingSchemas(session.connection(), found, problems);
		}
		Callbacks called = Callbacks.ofRun(sources.callbacks(), this.engine.callbacks());
		problems.addAll(called.load(builtIns, this.engine.settings().environments()));
		plan = plan.with(problems)
			.withSteps(plan.steps()
				.stream()
				.map((step) -> PartitionedTables.apart(session.connection(), found.schema(), step))
				.toList());
		boolean blocked = !plan.errors().isEmpty();
		return new Preview(history.database(), found.name(), history.currentVersion().orElse(null),
				snapshot.lockHolder(), blocked ? List.of() : creates(plan, missing, history, found),
				Describe.migrations(plan.entries()), plan.marks().stream().map(Describe::migration).toList(),
				Describe.steps(plan.steps(), plan.entries()), plan.problems(), suggestions(plan, sources, scripts),
				blocked ? List.of() : planned(called, plan, missing), this.risk.read(session, plan, history));
	}

	private Set<String> missingSchemas(Connection connection, HistoryTable found, List<Problem> problems)
			throws SQLException {
		if (found.schema() == null) {
			problems.add(Schemas.noDefault());
			return Set.of();
		}
		Set<String> missing = Schemas.missing(connection, this.engine.settings(), found);
		if (!missing.isEmpty() && !this.engine.settings().createSchemas()) {
			problems.add(Schemas.mayNotBeCreated(missing));
		}
		return missing;
	}

	private static List<String> creates(Plan plan, Set<String> missing, History history, HistoryTable found) {
		List<String> creates = new ArrayList<>();
		missing.forEach((name) -> creates.add("CREATE SCHEMA " + Identifiers.quote(name)));
		if (!plan.isEmpty() && !history.exists()) {
			creates.add("CREATE TABLE " + found.qualifiedName());
		}
		return creates;
	}

	private static List<UndoSuggestion> suggestions(Plan plan, Sources sources, Map<Migration, Script> scripts) {
		List<UndoSuggestion> suggestions = new ArrayList<>();
		for (Step step : plan.steps()) {
			Migration migration = step.migration();
			Script script = scripts.get(migration);
			if (script != null && script.directives().irreversible() == null && migration.identity().isVersioned()
					&& sources.undo(migration.identity()).isEmpty()) {
				suggestions.add(Inverse.of(migration, script));
			}
		}
		return suggestions;
	}

	private static List<PlannedCallback> planned(Callbacks callbacks, Plan plan, Set<String> missing) {
		List<PlannedCallback> planned = new ArrayList<>();
		for (CallbackEvent event : CallbackEvent.values()) {
			if (willHappen(event, plan, missing)) {
				callbacks.files(event)
					.forEach((file) -> planned.add(new PlannedCallback(event, file.script(),
							Describe.statements(callbacks.script(file).statements()))));
				callbacks.code(event)
					.forEach((code) -> planned
						.add(new PlannedCallback(event, ClassUtils.getUserClass(code).getName(), List.of())));
			}
		}
		return planned;
	}

	private static boolean willHappen(CallbackEvent event, Plan plan, Set<String> missing) {
		if (event.isOfUndo()) {
			return false;
		}
		return switch (event) {
			case BEFORE_CREATE_SCHEMA -> !missing.isEmpty();
			case BEFORE_REPEATABLES ->
				plan.steps().stream().anyMatch((step) -> step.migration().identity().isRepeatable());
			default -> event.isOfEveryRun() || (!event.isOfFailure() && !plan.steps().isEmpty());
		};
	}

}
