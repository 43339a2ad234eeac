package dev.tidemark.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

import org.springframework.util.ClassUtils;

import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.source.Inverse;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.Planner;
import dev.tidemark.plan.Step;
import dev.tidemark.source.UndoSuggestion;
import dev.tidemark.source.BuiltIns;
import dev.tidemark.source.CallbackEvent;
import dev.tidemark.source.Identity;
import dev.tidemark.source.Migration;
import dev.tidemark.source.Script;
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

	private final List<Callback> callbacks;

	private final Clock clock;

	private final BiFunction<Migration, BuiltIns, Script> loader;

	/**
	 * Makes a reader.
	 * @param connections where connections come from
	 * @param settings how a run would go about its work
	 * @param table the history
	 * @param planner makes the plan
	 * @param callbacks code that runs at events
	 * @param clock tells the time that placeholders may ask for
	 */
	public PreviewReader(ConnectionSource connections, RunSettings settings, HistoryTable table, Planner planner,
			List<Callback> callbacks, Clock clock) {
		this(connections, settings, table, planner, callbacks, clock, Migration::load);
	}

	private PreviewReader(ConnectionSource connections, RunSettings settings, HistoryTable table, Planner planner,
			List<Callback> callbacks, Clock clock, BiFunction<Migration, BuiltIns, Script> loader) {
		this.connections = connections;
		this.settings = settings;
		this.table = table;
		this.reader = new HistoryReader(connections, settings.session(), table);
		this.planner = planner;
		this.callbacks = List.copyOf(callbacks);
		this.clock = clock;
		this.loader = loader;
	}

	/**
	 * Returns a reader that looks at another database.
	 * @param database where connections come from
	 * @return the reader
	 */
	public PreviewReader on(ConnectionSource database) {
		return new PreviewReader(database, this.settings, this.table, this.planner, this.callbacks, this.clock,
				this.loader);
	}

	/**
	 * Returns a reader that shares the content of files with others.
	 * @param scripts the content of the files
	 * @return the reader
	 */
	public PreviewReader sharing(SharedScripts scripts) {
		return new PreviewReader(this.connections, this.settings, this.table, this.planner, this.callbacks, this.clock,
				scripts::load);
	}

	/**
	 * Returns a reader that looks at one schema of many.
	 * @param schema the schema
	 * @return the reader
	 */
	public PreviewReader in(String schema) {
		return new PreviewReader(this.connections, this.settings.in(schema),
				HistoryTable.of(schema, this.table.name(), List.of(schema)), this.planner, this.callbacks, this.clock,
				this.loader);
	}

	/**
	 * Looks at what a run would do now.
	 * @param sources the files
	 * @return what would run, and what stands in its way
	 * @throws TidemarkException if there is no connection, or the history cannot be read
	 */
	public Preview read(Sources sources) {
		try (Session session = Session.open(this.connections, this.settings.session(), LOGIN_TIMEOUT)) {
			return preview(session.connection(), sources, this.reader.read(session.connection()));
		}
		catch (SQLException ex) {
			throw DatabaseProblems.whileWorking("looking at what a run would do", ex);
		}
	}

	/**
	 * Tells of a schema at which nobody could look.
	 * @param problems why
	 * @return what would run: nothing, since a run would be refused
	 */
	public Preview refused(List<Problem> problems) {
		String database = this.connections.database().orElse("unknown");
		return new Preview(new DatabaseIdentity(database, "", this.table.schema()), this.table.name(), null, null,
				List.of(), new Plan(List.of(), List.of(), List.of(), problems), List.of(), List.of());
	}

	private Preview preview(Connection connection, Sources sources, HistoryReader.Snapshot snapshot)
			throws SQLException {
		History history = snapshot.history();
		BuiltIns builtIns = history.database().builtIns(this.table.name(), this.clock.instant());
		Map<Migration, Script> scripts = new HashMap<>();
		Plan plan = this.planner.plan(sources, history,
				(migration) -> scripts.computeIfAbsent(migration, (file) -> this.loader.apply(file, builtIns)));
		if (snapshot.lockHolder() != null) {
			plan = plan.whileRunning();
		}
		List<Problem> problems = new ArrayList<>();
		String schema = history.database().schema();
		HistoryTable found = (schema != null) ? this.table.in(schema) : this.table;
		Set<String> missing = Set.of();
		if (!plan.isEmpty()) {
			missing = missingSchemas(connection, found, problems);
		}
		Callbacks called = Callbacks.ofRun(sources.callbacks(), this.callbacks);
		problems.addAll(called.load(builtIns, this.settings.environments()));
		plan = plan.with(problems);
		boolean blocked = !plan.errors().isEmpty();
		return new Preview(history.database(), found.name(), history.currentVersion().orElse(null),
				snapshot.lockHolder(), blocked ? List.of() : creates(plan, missing, history, found), plan,
				suggestions(plan, sources, scripts), blocked ? List.of() : planned(called, plan, missing));
	}

	private Set<String> missingSchemas(Connection connection, HistoryTable found, List<Problem> problems)
			throws SQLException {
		if (found.schema() == null) {
			problems.add(Schemas.noDefault());
			return Set.of();
		}
		Set<String> missing = Schemas.missing(connection, this.settings, found);
		if (!missing.isEmpty() && !this.settings.createSchemas()) {
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
			if (script != null && script.directives().irreversible() == null
					&& migration.identity() instanceof Identity.Versioned
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
					.forEach((file) -> planned
						.add(new PlannedCallback(event, file.script(), callbacks.script(file).statements())));
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
				plan.steps().stream().anyMatch((step) -> step.migration().identity() instanceof Identity.Repeatable);
			default -> event.isOfEveryRun() || (!event.isOfFailure() && !plan.steps().isEmpty());
		};
	}

}
