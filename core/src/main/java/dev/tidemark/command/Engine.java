package dev.tidemark.command;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

import dev.tidemark.catalogue.LiveTables;
import dev.tidemark.error.Problem;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.migration.BuiltIns;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Phase;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.Planner;
import dev.tidemark.plan.rollout.TableLook;
import dev.tidemark.run.Callback;
import dev.tidemark.run.Listeners;
import dev.tidemark.run.preview.BackupEvidence;
import dev.tidemark.run.progress.CurrentRun;
import dev.tidemark.run.settings.Application;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.run.settings.RunSettings;
import dev.tidemark.run.step.CallbackRunner;
import dev.tidemark.run.step.Callbacks;
import dev.tidemark.run.step.lock.LockRetrying;
import dev.tidemark.run.step.RunContext;
import dev.tidemark.session.Session;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.connect.KeptConnection;
import dev.tidemark.session.lock.InstanceLock;
import dev.tidemark.session.settings.SessionSettings;
import dev.tidemark.session.watch.StatementWatch;
import dev.tidemark.source.Sources;

/**
 * What all verbs work with: one database, or one schema of it, and how to go about it.
 *
 * @param connections where connections come from
 * @param settings how to run
 * @param table the history
 * @param planner makes the plans
 * @param application on whose behalf
 * @param clock tells the time that the history records
 * @param callbacks run at events, after the files of the same event, in this order
 * @param evidence who knows backups
 * @param listeners are told what happens
 * @param scope whose runs these are
 * @param going the runs that go on
 * @param scripts the content of files that is shared with other schemas, of which
 * somebody else logs what is done; {@code null} if nothing is shared
 * @since 0.1.0
 */
public record Engine(ConnectionSource connections, RunSettings settings, HistoryTable table, Planner planner,
		Application application, Clock clock, List<Callback> callbacks, List<BackupEvidence> evidence,
		Listeners listeners, RunScope scope, Going going, @Nullable SharedScripts scripts) {

	public static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);

	/** Copies the lists. */
	public Engine {
		callbacks = List.copyOf(callbacks);
		evidence = List.copyOf(evidence);
	}

	/**
	 * Return an engine that does the same in another database.
	 * @param database where connections come from
	 * @return the engine
	 */
	public Engine on(ConnectionSource database) {
		return with(database, this.going.elsewhere());
	}

	/**
	 * Return an engine that does the same on a connection to the same database, and is
	 * cancelled by itself.
	 * @param connection the connection
	 * @return the engine
	 */
	public Engine reusing(KeptConnection connection) {
		return with(connection, this.going.apart());
	}

	private Engine with(ConnectionSource database, Going others) {
		return new Engine(database, this.settings, this.table, this.planner, this.application, this.clock,
				this.callbacks, this.evidence, this.listeners, this.scope, others, this.scripts);
	}

	/**
	 * Return an engine that does the same in one schema of many. Whoever cancels this one
	 * cancels that one too.
	 * @param schema the schema
	 * @return the engine
	 */
	public Engine in(String schema) {
		return new Engine(this.connections, this.settings.in(schema), this.table.ofTenant(schema), this.planner,
				this.application, this.clock, this.callbacks, this.evidence, this.listeners, this.scope.ofTenant(),
				this.going, this.scripts);
	}

	/**
	 * Return an engine that shares the content of files with others, and leaves it to
	 * somebody else to log what they do. Whoever cancels this one cancels that one too.
	 * @param shared the content of the files
	 * @return the engine
	 */
	public Engine sharing(SharedScripts shared) {
		return new Engine(this.connections, this.settings, this.table, this.planner, this.application, this.clock,
				this.callbacks, this.evidence, this.listeners, this.scope, this.going, shared);
	}

	/**
	 * Return whether another engine is known to write the same history.
	 * @param other the other engine
	 * @return {@code false} if they differ, or nobody can tell without asking databases
	 */
	public boolean sharesHistoryWith(Engine other) {
		return this.connections.leadsWhere(other.connections)
				&& this.table.qualifiedName().equals(other.table.qualifiedName())
				&& (this.table.schema() != null || hasSearchPathOf(other.settings.session()));
	}

	private boolean hasSearchPathOf(SessionSettings other) {
		SessionSettings own = this.settings.session();
		return Objects.equals(own.role(), other.role()) && Objects.equals(own.initSql(), other.initSql());
	}

	/**
	 * Makes the plan of a run from a history that has been read already. Nothing runs.
	 * @param sources the files
	 * @param history the history
	 * @return the plan, problems included
	 */
	public Plan plan(Sources sources, History history) {
		BuiltIns builtIns = builtIns(history.database());
		return this.planner.plan(sources, history, (migration) -> load(migration, builtIns));
	}

	/**
	 * Return what finds tables for the plan of a run.
	 * @param sources the files
	 * @param session an idle session in auto-commit mode
	 * @param history the history
	 * @return the look, or {@code null} where no file is a backfill or contract
	 */
	public @Nullable TableLook tables(Sources sources, Session session, History history) {
		for (Migration migration : sources.migrations()) {
			if (migration.phase() != Phase.EXPAND) {
				return LiveTables.of(session, history.database().schema(), this.settings.schemas());
			}
		}
		return null;
	}

	/**
	 * Return whether a run has to do something even where no migration is pending.
	 * @param sources the files
	 * @return whether there are callbacks of events that every run has
	 */
	public boolean isBusyAnyway(Sources sources) {
		return Callbacks.ofRun(sources.callbacks(), this.callbacks).isOfEveryRun(this.settings.environments());
	}

	/**
	 * Return what the built-in placeholders tell now.
	 * @param database which database it is
	 * @return the built-in placeholders
	 */
	public BuiltIns builtIns(DatabaseIdentity database) {
		return builtIns(database, this.clock.instant());
	}

	public BuiltIns builtIns(DatabaseIdentity database, Instant time) {
		return new BuiltIns(database.name(), database.user(), database.schema(), this.table.name(), time);
	}

	/** Reads a file, or takes its content from those who have read it. */
	public Script load(Migration migration, BuiltIns builtIns) {
		return (this.scripts != null) ? this.scripts.load(migration, builtIns) : migration.load(builtIns);
	}

	/** Returns on whose behalf the history is written. */
	public HistoryRow.Author author(Session session, String deploymentId) throws SQLException {
		String installedBy = this.application.installedBy();
		if (installedBy == null) {
			installedBy = session.connection().getMetaData().getUserName();
		}
		return new HistoryRow.Author(installedBy, this.application.name(), this.application.version(),
				this.application.instance(), ToolVersion.VALUE, deploymentId, this.application.tag(), null);
	}

	/** Returns what the steps of a run share. */
	public RunContext context(InstanceLock lock, Session session, HistoryTable found, Callbacks called,
			CurrentRun doing, String deploymentId, @Nullable String note) throws SQLException {
		StatementWatch watch = session.watch();
		LockRetrying retrying = new LockRetrying(session, this.settings.lockRetry(), doing);
		CallbackRunner runner = new CallbackRunner(session, lock, this.settings, called, this.scope, found, retrying);
		return new RunContext(session, lock, found, found.writer(session.connection()), author(session, deploymentId),
				this.clock, retrying, watch, runner, this.listeners::tell, doing, note);
	}

	/** Of many schemas, the caller tells what matters. */
	void info(Logger logger, String message, @Nullable Object... arguments) {
		logger.atLevel((this.scripts != null) ? Level.DEBUG : Level.INFO).log(message, arguments);
	}

	/** Of many schemas, the caller tells the same warning once. */
	void warn(Logger logger, Collection<Problem> warnings) {
		if (this.scripts == null) {
			warnings.forEach((problem) -> logger.warn("{}", problem));
		}
	}

}
