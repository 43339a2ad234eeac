package dev.tidemark.command.undo;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.catalogue.Catalogue;
import dev.tidemark.catalogue.OtherSession;
import dev.tidemark.catalogue.SchemaDrops;
import dev.tidemark.command.BackfillLook;
import dev.tidemark.command.Engine;
import dev.tidemark.command.Schemas;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryEvidence;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.migration.BuiltIns;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.ReleasedVersions;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.PlanEntry;
import dev.tidemark.plan.UndoPlan;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.Redo;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.progress.RunWithoutLock;
import dev.tidemark.session.Cancellation;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.InstanceLock;
import dev.tidemark.session.lock.LockKey;
import dev.tidemark.session.lock.LockPurpose;
import dev.tidemark.session.outcome.ConnectionProblems;
import dev.tidemark.source.Sources;
import dev.tidemark.sql.PlainText;

/**
 * Takes back what was edited while it is developed, so that the run that comes next
 * applies it as it is now: by undo files, together with all that was applied after it; or
 * where that is not possible and the database may be thrown away, by dropping everything.
 * Used once.
 *
 * @since 0.1.0
 */
public final class RedoRun {

	/**
	 * What a redo may solve. With anything else wrong, a run would be refused after it.
	 */
	private static final Set<ErrorCode> SOLVED = EnumSet.of(ErrorCode.CHANGED, ErrorCode.FAILED, ErrorCode.INTERRUPTED,
			ErrorCode.BACKFILL_CHANGED);

	/** For what passes by itself, no database is thrown away. */
	private static final Set<ErrorCode> PASSING = EnumSet.of(ErrorCode.LOCK_TIMEOUT, ErrorCode.CANCELLED,
			ErrorCode.CONNECTION_LOST, ErrorCode.OUTCOME_UNKNOWN);

	/** How the test module names the databases that it makes. */
	private static final Pattern TEST_DATABASE = Pattern.compile("tidemark_(?:clone|building)_[0-9a-f]{16}");

	/** How much is named of what a rebuild would take along. */
	private static final int EXAMPLES = 5;

	private static final Logger logger = PlainLogger.of(RedoRun.class);

	private final Engine engine;

	private final Sources sources;

	private final Redo.Ground ground;

	private final Supplier<? extends ReleasedVersions> released;

	private final Cancellation cancellation;

	RedoRun(Engine engine, Sources sources, Redo.Ground ground, Supplier<? extends ReleasedVersions> released,
			Cancellation cancellation) {
		this.engine = engine;
		this.sources = sources;
		this.ground = ground;
		this.released = released;
		this.cancellation = cancellation;
	}

	/**
	 * Takes back what was edited while it is developed, for the next run to apply it as
	 * it is now.
	 * @param engine what to work with
	 * @param sources the files
	 * @param ground why the database may be touched
	 * @param released finds out what is released
	 * @throws TidemarkException if something stands in the way
	 */
	public static void redo(Engine engine, Sources sources, Redo.Ground ground,
			Supplier<? extends ReleasedVersions> released) {
		engine.going().unseen((cancellation) -> {
			new RedoRun(engine, sources, ground, released, cancellation).run();
			return true;
		});
	}

	/** Does nothing where nothing was edited, or what was is released. */
	private void run() {
		Situation found;
		try (Session session = Session.open(this.engine.connections(), this.engine.settings().session(),
				Engine.LOGIN_TIMEOUT)) {
			found = look(session);
		}
		catch (SQLException ex) {
			throw ConnectionProblems.whileWorking("looking for edited migrations", ex);
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
		ReleasedVersions release = release(found.edited());
		List<PlanEntry> kept = found.edited().all().filter((entry) -> release.has(entry.identity())).toList();
		if (!kept.isEmpty()) {
			logger.info("{} leaves alone what is released in {}: {}", setting("redo"), release.name(),
					kept.stream().map((entry) -> entry.identity().inWords()).collect(Collectors.joining(", ")));
			return;
		}
		requireReadable(found);
		List<Problem> obstacles = found.isUndoable() ? errorsAfterUndo(found) : found.obstacles();
		if (found.isUndoable() && obstacles.isEmpty()) {
			undo(found.edited(), here);
		}
		else if (here == Redo.Ground.THROW_AWAY) {
			rebuild(found.edited().inWords()
					+ (found.isUndoable() ? ": a run would be refused after its undo" : " cannot be undone"));
		}
		else {
			throw new TidemarkException(noWayBack(found, obstacles));
		}
	}

	/** Returns why a run would be refused after the undo, so that nothing came again. */
	private List<Problem> errorsAfterUndo(Situation found) {
		Set<Identity> undone = found.undo()
			.steps()
			.stream()
			.map((step) -> step.migration().identity())
			.collect(Collectors.toSet());
		return errors(found.history(),
				found.history().entries().stream().filter((entry) -> !undone.contains(entry.identity())).toList());
	}

	private List<Problem> errors(History now, List<HistoryEntry> then) {
		return this.engine.plan(this.sources, new History(now.database(), now.exists(), then)).errors();
	}

	private Situation look(Session session) throws SQLException {
		List<HistoryRow> rows = new ArrayList<>();
		History history = BackfillLook.with(this.engine.table().readRows(session.connection(), rows),
				session.connection(), this.engine.table());
		Plan plan = this.engine.plan(this.sources, history);
		Edited edited = Edited.of(plan, history);
		BuiltIns builtIns = builtIns(history);
		UndoPlan undo = this.engine.planner()
			.undo(UndoSelection.since(edited.versions()), this.sources, history, rows,
					(migration) -> migration.load(builtIns));
		return new Situation(history, plan, edited, undo);
	}

	private BuiltIns builtIns(History history) {
		return this.engine.builtIns(history.database());
	}

	private Redo.Ground ground(History history) {
		return TEST_DATABASE.matcher(history.database().name()).matches() ? Redo.Ground.THROW_AWAY : this.ground;
	}

	private ReleasedVersions release(Edited edited) {
		ReleasedVersions release;
		try {
			release = this.released.get();
		}
		catch (TidemarkException ex) {
			Problem reason = ex.problems().get(0);
			throw new TidemarkException(
					releaseUnknown(edited, reason.place(), reason.what(), "; or let git answer, with "
							+ setting("released-at") + "=<branch, tag or commit>. " + reason.remedy()),
					ex);
		}
		if (edited.isCode() && !release.isOfVersions()) {
			throw new TidemarkException(releaseUnknown(edited, null, "Git is asked about files of SQL only.", "."));
		}
		return release;
	}

	private Problem releaseUnknown(Edited edited, @Nullable Place place, String reason, String otherwise) {
		return Problem.error(ErrorCode.REDO_RELEASE_UNKNOWN, place,
				edited.wasEdited() + ", and whether " + edited.itOrThey("it is", "they are")
						+ " released is not known: " + reason,
				"Say which version is the newest released one, as in " + setting("released-up-to")
						+ "=7, or 0 if none is" + otherwise);
	}

	private static String setting(String name) {
		return SettingNames.name("dev." + name);
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
		logger.info("{}: {}; undoing {}", setting("redo"), edited.wasEdited(), edited
			.itOrThey("it and what was applied after it", "them and what was applied after the first of them"));
		UndoRequest request = UndoRequest.of(UndoSelection.since(edited.versions()))
			.because(edited.wasEdited())
			.allowingDataLoss(setting("redo"));
		try {
			new Undo(this.engine, this.sources).undo(request, RedoRun::requireAlone);
		}
		catch (MigrationFailedException ex) {
			if (here != Redo.Ground.THROW_AWAY || PASSING.contains(ex.code())) {
				throw ex;
			}
			Problem failed = ex.problems().get(0);
			logger.warn("{}", failed);
			rebuildAfter(failed);
		}
	}

	/** What the undo has left counts where the rebuild changes nothing. */
	private void rebuildAfter(Problem failed) {
		try {
			rebuild("the undo failed");
		}
		catch (TidemarkException ex) {
			throw new TidemarkException(ex.problems()
				.stream()
				.map((problem) -> problem.state().equals(Problem.UNCHANGED) ? problem.withState(failed.state())
						: problem)
				.toList(), ex);
		}
	}

	private void rebuild(String reason) {
		try (Session session = Session.open(this.engine.connections(), this.engine.settings().session(),
				Engine.LOGIN_TIMEOUT)) {
			this.cancellation.begin(session);
			try {
				rebuild(session, reason);
			}
			finally {
				this.cancellation.end();
			}
		}
		catch (SQLException ex) {
			throw ConnectionProblems.whileWorking("rebuilding the schema", ex);
		}
	}

	private void rebuild(Session session, String reason) throws SQLException {
		session.prepare();
		session.requirePrimary("A rebuild");
		String schema = this.engine.table().read(session.connection()).database().schema();
		if (schema == null) {
			throw new TidemarkException(Schemas.noDefault());
		}
		HistoryTable found = this.engine.table().in(schema);
		try (InstanceLock lock = InstanceLock.acquire(session, LockKey.of(found.qualifiedName(), LockPurpose.MIGRATION),
				this.engine.settings().waitTimeout())) {
			Situation now = look(session);
			RunWithoutLock other = new RunWithoutLock(session, lock);
			while (other.isToldBy(now.history())) {
				now = look(session);
			}
			if (now.edited().isEmpty()) {
				return;
			}
			// Another instance may have written the history since the first look.
			ReleasedVersions release = release(now.edited());
			if (now.edited().all().anyMatch((entry) -> release.has(entry.identity()))) {
				return;
			}
			requireAlone(session);
			requireOwnBeginning(now.history());
			Set<String> schemas = new LinkedHashSet<>(this.engine.settings().schemas());
			schemas.add(schema);
			requireNoOtherHistory(found.others(session.connection(), schemas));
			List<Problem> errors = errors(now.history(), List.of());
			if (!errors.isEmpty()) {
				throw new TidemarkException(errors);
			}
			drop(session, found, schemas, reason);
		}
	}

	private void drop(Session session, HistoryTable found, Set<String> schemas, String reason) throws SQLException {
		List<String> drops;
		try (Catalogue catalogue = Catalogue.open(session.connection())) {
			requireNothingBeyond(SchemaDrops.beyond(catalogue, schemas, found));
			drops = SchemaDrops.drops(catalogue, schemas, found);
		}
		try {
			session.write(String.join("; ", drops) + "; " + OtherSession.NOBODY_ELSE);
		}
		catch (SQLException ex) {
			if (session.errorOf(ex).is(OtherSession.SOMEBODY)) {
				session.rollBack();
				requireAlone(session);
			}
			TidemarkException failure = ConnectionProblems.whileWriting(session, "rebuilding the schema", ex,
					HistoryEvidence.ofNoTable(found), Problem.UNCHANGED);
			throw failure.code().equals(ErrorCode.HISTORY_ACCESS) ? notRebuilt(failure) : failure;
		}
		boolean only = drops.size() == 1;
		logger.info("{}: {}; dropped the {} of {}, {}, to run all migrations again", setting("redo"), reason,
				only ? "only object" : drops.size() + " objects", inWords(schemas),
				only ? "the history" : "the history among them");
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
					"Close these connections, such as those of another instance, a console, a pool or a subscriber, and start again."
							+ " To end one: SELECT pg_terminate_backend(" + others.get(0).pid() + ");"));
		}
	}

	/** Only what files made can be made again from files. */
	private static void requireOwnBeginning(History history) {
		history.last().stream().filter((entry) -> entry.state().isWithoutRun()).findFirst().ifPresent((entry) -> {
			throw new TidemarkException(Problem.error(ErrorCode.REBUILD_IMPOSSIBLE, Place.file(entry.script()),
					"The database cannot be rebuilt from the files: it began with a baseline, and the history has "
							+ entry.identity().inWords() + " as " + entry.state() + ".",
					"Drop the database, restore what it began with, and start again."));
		});
	}

	/** Files of this history do not make again what belongs to another one. */
	private void requireNoOtherHistory(List<String> others) {
		if (!others.isEmpty()) {
			throw new TidemarkException(Problem.error(ErrorCode.REBUILD_IMPOSSIBLE, null,
					"The database cannot be rebuilt from the files: others keep their history in the same schemas, and"
							+ " nobody knows what is whose: " + String.join(", ", others) + ".",
					"Give each history a schema of its own, with " + SettingNames.name("schema")
							+ "; or drop the database, create it again, and start all of them."));
		}
	}

	private void requireNothingBeyond(List<String> beyond) {
		if (!beyond.isEmpty()) {
			int more = beyond.size() - EXAMPLES;
			String examples = beyond.stream().limit(EXAMPLES).collect(Collectors.joining(", "))
					+ ((more > 0) ? " and " + more + " more" : "");
			throw new TidemarkException(Problem.error(ErrorCode.REBUILD_IMPOSSIBLE, null,
					"The database is not rebuilt, since what lies in other schemas would go with it: "
							+ PlainText.line(examples) + ".",
					"If the migrations make that too, name its schema in " + SettingNames.name("schemas")
							+ ", so that all of the schema is dropped; else drop it by hand, and start again."));
		}
	}

	private Problem notHere(Edited edited) {
		return Problem.error(ErrorCode.REDO_NOT_HERE, null,
				edited.wasEdited() + ", and " + setting("redo")
						+ "=true takes nothing back here: the application was not started by"
						+ " devtools, and nothing says that the database may be thrown away.",
				"Where the data are dear, remove " + setting("redo") + ", and restore the text. In development, start"
						+ " with spring-boot-devtools on the class path, or set " + setting("throw-away") + "=true.");
	}

	private List<Problem> noWayBack(Situation found, List<Problem> obstacles) {
		List<Problem> problems = new ArrayList<>();
		problems.add(Problem.error(ErrorCode.REDO_NO_WAY_BACK, null,
				found.edited().wasEdited()
						+ (found.isUndoable() ? ", and nothing is undone, since a run would be refused after that."
								: ", and cannot be taken back by undo files.")
						+ " Devtools alone are no reason to drop the data.",
				"Solve the problems that are told with this one, as by writing an undo file, and start again. If the"
						+ " data may go, set " + setting("throw-away")
						+ "=true: all is dropped then, and all migrations run again."));
		problems.addAll(obstacles);
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

}
