package dev.tidemark;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.tidemark.command.Engine;
import dev.tidemark.command.Going;
import dev.tidemark.command.SchemaName;
import dev.tidemark.error.SettingNames;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.run.Listeners;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.progress.CurrentRuns;
import dev.tidemark.run.settings.Application;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.run.settings.RunSettings;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.settings.AsynchronousCommit;
import dev.tidemark.session.settings.ClientLiveness;
import dev.tidemark.session.settings.SessionSettings;

/**
 * The settings about how sessions work, and on whose behalf.
 *
 * @param <B> the type of the builder
 */
abstract class SessionBuilder<B extends SessionBuilder<B>> extends RolloutBuilder<B> {

	private ConnectionSource connections;

	private SettingNames settingNames = SettingNames.DEFAULT;

	private Duration lockTimeout = SessionSettings.DEFAULT_LOCK_TIMEOUT;

	private Duration concurrentLockTimeout = SessionSettings.DEFAULT_CONCURRENT_LOCK_TIMEOUT;

	private Duration statementTimeout = SessionSettings.DEFAULT_STATEMENT_TIMEOUT;

	private Duration clientCheckInterval = ClientLiveness.DEFAULT_CHECK_INTERVAL;

	private Duration clientTimeout = ClientLiveness.DEFAULT_TIMEOUT;

	private AsynchronousCommit asynchronousCommit = SessionSettings.DEFAULT_ASYNCHRONOUS_COMMIT;

	private Duration waitTimeout = RunSettings.DEFAULT_WAIT_TIMEOUT;

	private LockRetry lockRetry = new LockRetry(LockRetry.DEFAULT_MAX_DURATION);

	private @Nullable String installedBy;

	private @Nullable String tag;

	private @Nullable String role;

	private @Nullable String initSql;

	private @Nullable String applicationName;

	private @Nullable String applicationVersion;

	private String instance = "pid " + ProcessHandle.current().pid();

	private Clock clock = Clock.systemUTC();

	private List<RunListener> listeners = new ArrayList<>();

	SessionBuilder(ConnectionSource connections) {
		this.connections = connections;
	}

	/**
	 * Sets how long a statement may queue for a lock, which is as long as others have to
	 * wait behind it.
	 * @param timeout the timeout, zero for no limit; by default 300 milliseconds
	 * @return this builder
	 */
	public B lockTimeout(Duration timeout) {
		this.lockTimeout = timeout;
		return self();
	}

	/**
	 * Sets how long a command may wait for a lock that waits for others in turn and
	 * queues in front of nobody, such as {@code CREATE INDEX CONCURRENTLY}. What it has
	 * done by then is lost.
	 * @param timeout the timeout, zero for as long as it takes, which is the default
	 * @return this builder
	 */
	public B concurrentLockTimeout(Duration timeout) {
		this.concurrentLockTimeout = timeout;
		return self();
	}

	/**
	 * Sets how long a statement may run.
	 * @param timeout the timeout, zero for no limit, which is the default
	 * @return this builder
	 */
	public B statementTimeout(Duration timeout) {
		this.statementTimeout = timeout;
		return self();
	}

	/**
	 * Sets how often the server looks, while a statement of a migration runs, whether
	 * this instance still lives.
	 * @param interval the interval, zero to leave to the server what it does; by default
	 * one second
	 * @return this builder
	 */
	public B clientCheckInterval(Duration interval) {
		this.clientCheckInterval = interval;
		return self();
	}

	/**
	 * Sets how long the server goes on for this instance when its node or the network
	 * does not answer any more.
	 * @param timeout the time, zero to leave to the server what it does; by default ten
	 * seconds
	 * @return this builder
	 */
	public B clientTimeout(Duration timeout) {
		this.clientTimeout = timeout;
		return self();
	}

	/**
	 * Sets whether a run may go on before the commit of a migration in its middle is on
	 * disk.
	 * @param commit whether it may; by default where nothing is promised by that commit
	 * @return this builder
	 */
	public B asynchronousCommit(AsynchronousCommit commit) {
		this.asynchronousCommit = commit;
		return self();
	}

	/**
	 * Sets how long a run, or a decision before it, waits for another instance that
	 * migrates.
	 * @param timeout the budget, zero for not at all; by default ten minutes
	 * @return this builder
	 */
	public B waitTimeout(Duration timeout) {
		this.waitTimeout = timeout;
		return self();
	}

	/**
	 * Sets how long a migration looks for the moment to queue for its locks, and is tried
	 * again if it does not get them within the lock timeout.
	 * @param retry the budget; by default five minutes
	 * @return this builder
	 */
	public B lockRetry(LockRetry retry) {
		this.lockRetry = retry;
		return self();
	}

	/**
	 * Sets the name that the history records as author.
	 * @param name the name, or {@code null} for the database user, which is the default
	 * @return this builder
	 */
	public B installedBy(@Nullable String name) {
		this.installedBy = name;
		return self();
	}

	/**
	 * Sets a name that people know this deployment by, such as {@code release-42}. The
	 * history records it beside the id of the deployment.
	 * @param tag the name, or {@code null} for none, which is the default
	 * @return this builder
	 */
	public B tag(@Nullable String tag) {
		this.tag = tag;
		return self();
	}

	/**
	 * Sets the role that each session becomes after its login. It owns the history and
	 * what migrations make; the login needs no right but to become it.
	 * @param role the name of the role; by default the sessions stay the role that logged
	 * in
	 * @return this builder
	 */
	public B role(@Nullable String role) {
		this.role = role;
		return self();
	}

	/**
	 * Sets SQL that runs when a session that migrates starts, such as
	 * {@code SET ROLE owner}.
	 * @param sql one or more statements, or {@code null} for none, which is the default
	 * @return this builder
	 */
	public B initSql(@Nullable String sql) {
		this.initSql = sql;
		return self();
	}

	/**
	 * Sets what the history records of the application.
	 * @param name the name of the application, or {@code null}
	 * @param version its version, or {@code null}
	 * @param instance which of its instances this is
	 * @return this builder
	 */
	public B application(@Nullable String name, @Nullable String version, String instance) {
		this.applicationName = name;
		this.applicationVersion = version;
		this.instance = instance;
		return self();
	}

	/**
	 * Sets how the settings of this database begin, so that messages name the right ones.
	 * @param prefix the prefix, by default {@code tidemark.}
	 * @return this builder
	 */
	public B settingsPrefix(String prefix) {
		this.settingNames = new SettingNames(prefix);
		return self();
	}

	/**
	 * Sets the clock whose time the history records.
	 * @param clock the clock; by default the system's
	 * @return this builder
	 */
	public B clock(Clock clock) {
		this.clock = clock;
		return self();
	}

	/**
	 * Adds a listener.
	 * @param listener is told what each run does
	 * @return this builder
	 */
	public B listener(RunListener listener) {
		this.listeners.add(listener);
		return self();
	}

	/** Lets nobody else change what this builder has, which is for a database now. */
	void detach(ConnectionSource database) {
		detach();
		this.connections = database;
		this.listeners = new ArrayList<>(this.listeners);
	}

	ConnectionSource connections() {
		return this.connections;
	}

	SettingNames settingNames() {
		return this.settingNames;
	}

	Clock clock() {
		return this.clock;
	}

	/**
	 * Returns what all verbs work with.
	 * @param own is told after the listeners that were added
	 * @param siblings knows the histories of the application's other databases in the
	 * same database of the server
	 */
	Engine engine(RunListener own, Supplier<List<HistoryTable>> siblings) {
		RunSettings run = runSettings(sessionSettings(""), this.waitTimeout, this.lockRetry);
		Application application = new Application(this.applicationName, this.applicationVersion, this.instance,
				this.installedBy, this.tag);
		List<RunListener> all = new ArrayList<>(this.listeners);
		all.add(own);
		return new Engine(this.connections, run, table(siblings), planner(), application, this.clock, callbacks(),
				evidence(), new Listeners(all, run.session().mask()), new RunScope(name(), false),
				new Going(new CurrentRuns(this.clock)), null);
	}

	SessionSettings sessionSettings(String suffix) {
		return new SessionSettings(sessionName() + suffix, this.role, defaultSchema(), this.lockTimeout,
				this.concurrentLockTimeout, this.statementTimeout,
				new ClientLiveness(this.clientCheckInterval, this.clientTimeout), this.asynchronousCommit, this.initSql,
				placeholders().mask());
	}

	private String sessionName() {
		// The server shows ASCII only, and may not even know another character.
		return (this.applicationName != null) ? "tidemark (" + this.applicationName.replaceAll("[^ -~]", "?") + ")"
				: "tidemark";
	}

	@Override
	List<@Nullable Object> decisiveSettings() {
		List<@Nullable Object> decisive = new ArrayList<>(Arrays.asList(this.installedBy, this.role, this.initSql));
		decisive.addAll(super.decisiveSettings());
		return decisive;
	}

	@Override
	void check() {
		super.check();
		SchemaName.requireName("connection.role", this.role);
		if ("none".equals(this.role)) {
			throw new IllegalArgumentException(
					"'connection.role' must not be 'none', which PostgreSQL takes for no role");
		}
		requireText("history.installed-by", this.installedBy);
		requireText("history.tag", this.tag);
		requireText("connection.init-sql", this.initSql);
		requireText("application", this.applicationName);
		requireText("application version", this.applicationVersion);
		requireText("instance", this.instance);
	}

}
