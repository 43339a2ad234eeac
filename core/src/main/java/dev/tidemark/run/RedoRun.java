package dev.tidemark.run;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.PlanEntry;
import dev.tidemark.plan.Planner;
import dev.tidemark.plan.UndoPlan;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.source.BuiltIns;
import dev.tidemark.source.Migration;
import dev.tidemark.source.Release;
import dev.tidemark.source.Sources;

/**
 * Takes back what was edited while it is developed, so that the run that comes next
 * applies it as it is now: by undo files, together with all that was applied after it; or
 * where that is not possible and the database may be thrown away, by dropping everything.
 * Used once.
 */
final class RedoRun {

	/**
	 * What a redo may solve. With anything else wrong, a run would be refused after it.
	 */
	private static final Set<ErrorCode> SOLVED = EnumSet.of(ErrorCode.CHANGED, ErrorCode.FAILED, ErrorCode.INTERRUPTED);

	/** How the test module names the databases that it makes. */
	private static final Pattern TEST_DATABASE = Pattern.compile("tidemark_(?:clone|building)_[0-9a-f]{16}");

	private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);

	private static final Logger logger = PlainLogger.of(RedoRun.class);

	private final Runner runner;

	private final ConnectionSource connections;

	private final RunSettings settings;

	private final HistoryTable table;

	private final Planner planner;

	private final Clock clock;

	private final Sources sources;

	private final Redo.Ground ground;

	private final Supplier<Release> released;

	private final Cancellation cancellation;

	RedoRun(Runner runner, ConnectionSource connections, RunSettings settings, HistoryTable table, Planner planner,
			Clock clock, Sources sources, Redo.Ground ground, Supplier<Release> released, Cancellation cancellation) {
		this.runner = runner;
		this.connections = connections;
		this.settings = settings;
		this.table = table;
		this.planner = planner;
		this.clock = clock;
		this.sources = sources;
		this.ground = ground;
		this.released = released;
		this.cancellation = cancellation;
	}

	/** Does nothing where nothing was edited, or what was is released. */
	void run() {
		Situation found;
		try (Session session = Session.open(this.connections, this.settings.session(), LOGIN_TIMEOUT)) {
			found = look(session);
		}
		catch (SQLException ex) {
			throw DatabaseProblems.whileWorking("looking for edited migrations", ex);
		}
		if (!found.edited().isEmpty() && found.isSolvable()) {
			run(found);
		}
	}

	private void run(Situation found) {
		Redo.Ground here = ground(found.history());
		if (here == Redo.Ground.TEST_DATABASE) {
			List<Problem> problems = new ArrayList<>(found.plan().errors());
			problems.add(notHere(found.edited()));
			throw new TidemarkException(problems);
		}
		Release release = release(found.edited());
		List<PlanEntry> kept = found.edited().all().filter((entry) -> release.has(entry.identity())).toList();
		if (!kept.isEmpty()) {
			logger.info("{} leaves alone what is released in {}: {}", setting(), release.name(),
					kept.stream().map((entry) -> entry.identity().inWords()).collect(Collectors.joining(", ")));
			return;
		}
		requireReadable(found);
		if (found.isUndoable()) {
			undo(found.edited(), here);
		}
		else if (here == Redo.Ground.THROW_AWAY) {
			rebuild(found.edited().inWords() + " cannot be undone");
		}
		else {
			throw new TidemarkException(noWayBack(found));
		}
	}

	private Situation look(Session session) throws SQLException {
		List<HistoryRow> rows = new ArrayList<>();
		History history = this.table.readRows(session.connection(), rows);
		Plan plan = this.runner.plan(this.sources, history);
		Edited edited = Edited.of(plan, history);
		BuiltIns builtIns = builtIns(history);
		UndoPlan undo = this.planner.undo(UndoSelection.since(edited.versions()), this.sources, history, rows,
				(migration) -> migration.load(builtIns));
		return new Situation(history, plan, edited, undo);
	}

	private BuiltIns builtIns(History history) {
		return history.database().builtIns(this.table.name(), this.clock.instant());
	}

	private Redo.Ground ground(History history) {
		return TEST_DATABASE.matcher(history.database().name()).matches() ? Redo.Ground.THROW_AWAY : this.ground;
	}

	private Release release(Edited edited) {
		try {
			return this.released.get();
		}
		catch (TidemarkException ex) {
			Problem reason = ex.problems().get(0);
			throw new TidemarkException(Problem.error(ErrorCode.REDO_RELEASE_UNKNOWN, reason.place(),
					edited.inWords() + wasEdited(edited) + ", and whether it is released is not known: "
							+ reason.what(),
					"Say which version is the newest released one, as in " + SettingNames.name("dev.released-up-to")
							+ "=7, or 0 if none" + " is; or let git answer, with "
							+ SettingNames.name("dev.released-at") + "=<branch, tag or commit>. " + reason.remedy()),
					ex);
		}
	}

	/** What cannot run is not undone to make place for it. */
	private void requireReadable(Situation found) {
		BuiltIns builtIns = builtIns(found.history());
		List<Problem> problems = new ArrayList<>();
		found.edited().all().forEach((entry) -> {
			Migration migration = entry.migration();
			if (migration != null && migration.code() == null) {
				try {
					migration.load(builtIns);
				}
				catch (TidemarkException ex) {
					problems.addAll(ex.problems());
				}
			}
		});
		if (!problems.isEmpty()) {
			throw new TidemarkException(problems);
		}
	}

	private void undo(Edited edited, Redo.Ground here) {
		logger.info("{}: {}{}; undoing it and what was applied after it", setting(), edited.inWords(),
				wasEdited(edited));
		String reason = edited.inWords() + wasEdited(edited);
		UndoRequest request = new UndoRequest(UndoSelection.since(edited.versions()), reason, setting());
		try {
			this.runner.undo(this.sources, request, this.settings.waitTimeout(), RedoRun::requireAlone);
		}
		catch (MigrationFailedException ex) {
			if (here != Redo.Ground.THROW_AWAY) {
				throw ex;
			}
			logger.warn("{}", ex.problems().get(0));
			rebuild("the undo failed");
		}
	}

	private void rebuild(String reason) {
		try (Session session = Session.open(this.connections, this.settings.session(), LOGIN_TIMEOUT)) {
			this.cancellation.begin(session);
			try {
				rebuild(session, reason);
			}
			finally {
				this.cancellation.end();
			}
		}
		catch (SQLException ex) {
			throw DatabaseProblems.whileWorking("rebuilding the schema", ex);
		}
	}

	private void rebuild(Session session, String reason) throws SQLException {
		session.prepare();
		session.requirePrimary("A rebuild");
		String schema = this.table.read(session.connection()).database().schema();
		if (schema == null) {
			throw new TidemarkException(Schemas.noDefault());
		}
		HistoryTable found = this.table.in(schema);
		try (InstanceLock lock = InstanceLock.acquire(session, InstanceLock.key(found), this.settings.waitTimeout())) {
			Situation now = look(session);
			RunWithoutLock other = new RunWithoutLock(session, lock);
			while (other.isToldBy(now.history())) {
				now = look(session);
			}
			if (now.edited().isEmpty()) {
				return;
			}
			requireAlone(session);
			requireOwnBeginning(now.history());
			Set<String> schemas = new LinkedHashSet<>(this.settings.schemas());
			schemas.add(schema);
			drop(session, found, schemas, reason);
		}
	}

	private static void drop(Session session, HistoryTable found, Set<String> schemas, String reason)
			throws SQLException {
		List<String> drops;
		try (Catalogue catalogue = Catalogue.open(session.connection())) {
			drops = Rebuild.drops(catalogue, schemas, found);
		}
		try {
			session.write(String.join("; ", drops));
		}
		catch (SQLException ex) {
			TidemarkException failure = DatabaseProblems.whileWriting(session, null, "rebuilding the schema", ex,
					Evidence.ofNoTable(found), Problem.UNCHANGED);
			throw failure.code().equals(ErrorCode.HISTORY_ACCESS) ? notRebuilt(failure) : failure;
		}
		logger.info("{}: {}; dropped the {} objects of {}, the history among them, to run all migrations again",
				setting(), reason, drops.size(), inWords(schemas));
	}

	private static TidemarkException notRebuilt(TidemarkException failure) {
		Problem problem = failure.problems().get(0);
		return new TidemarkException(Problem
			.error(ErrorCode.REBUILD, null, "What the schemas hold could not be dropped.",
					"Solve what the server says, or drop the database and create it again.")
			.withServer(problem.server())
			.withState(problem.state()), failure.getCause());
	}

	private static String inWords(Set<String> schemas) {
		return ((schemas.size() == 1) ? "schema " : "the schemas ") + String.join(", ", schemas);
	}

	/** A session that was closed a moment ago may still be seen. */
	private static void requireAlone(Session session) throws SQLException {
		List<OtherSession> others = OtherSession.stillConnected(session.connection());
		if (!others.isEmpty()) {
			throw new TidemarkException(Problem.error(ErrorCode.REDO_NOT_ALONE, null,
					"Somebody else is connected to the database, so nothing is taken back beneath them: "
							+ others.stream().map(OtherSession::toString).collect(Collectors.joining("; ")) + ".",
					"Close these connections, such as those of another instance, a console or a pool, and start again."
							+ " To end one: SELECT pg_terminate_backend(" + others.get(0).pid() + ");"));
		}
	}

	/** Only what files made can be made again from files. */
	private static void requireOwnBeginning(History history) {
		history.last().stream().filter((entry) -> entry.state().isTakenOver()).findFirst().ifPresent((entry) -> {
			throw new TidemarkException(Problem.error(ErrorCode.REBUILD_IMPOSSIBLE, Place.file(entry.script()),
					"The database cannot be rebuilt from the files: it was taken over, and the history has "
							+ entry.identity().inWords() + " as " + entry.state() + ".",
					"Drop the database, restore what it began with, and start again."));
		});
	}

	private static String wasEdited(Edited edited) {
		return (edited.all().count() == 1) ? " was edited after it had run" : " were edited after they had run";
	}

	private static Problem notHere(Edited edited) {
		return Problem.error(ErrorCode.REDO_NOT_HERE, null,
				edited.inWords() + wasEdited(edited) + ", and " + SettingNames.name("dev.redo")
						+ "=true takes nothing back here: the application was not started by"
						+ " devtools, and nothing says that the database may be thrown away.",
				"Where the data are dear, remove " + SettingNames.name("dev.redo")
						+ ", and restore the text. In development, start with"
						+ " spring-boot-devtools on the class path, or set " + SettingNames.name("dev.throw-away")
						+ "=true.");
	}

	private static List<Problem> noWayBack(Situation found) {
		List<Problem> problems = new ArrayList<>();
		problems.add(Problem.error(ErrorCode.REDO_NO_WAY_BACK, null,
				found.edited().inWords() + wasEdited(found.edited())
						+ ", and cannot be taken back by undo files. Devtools alone are no reason to drop the data.",
				"Solve the problems that are told with this one, as by writing an undo file, and start again. If the"
						+ " data may go, set " + SettingNames.name("dev.throw-away")
						+ "=true: all is dropped then, and all migrations run" + " again."));
		problems.addAll(found.obstacles());
		return problems;
	}

	/**
	 * What was found.
	 *
	 * @param history the history
	 * @param plan what a run would do
	 * @param edited what was edited
	 * @param undo how that could be undone
	 */
	private record Situation(History history, Plan plan, Edited edited, UndoPlan undo) {

		boolean isSolvable() {
			return this.plan.errors().stream().allMatch((problem) -> SOLVED.contains(problem.code()));
		}

		boolean isUndoable() {
			return this.edited.halfDone().isEmpty() && obstacles().isEmpty();
		}

		List<Problem> obstacles() {
			return this.undo.problems().stream().filter(Problem::isError).toList();
		}

	}

	private static String setting() {
		return SettingNames.name("dev.redo");
	}

}
