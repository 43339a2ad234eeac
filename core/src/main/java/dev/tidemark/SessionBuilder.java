package dev.tidemark;

import java.time.Clock;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.SettingNames;
import dev.tidemark.run.AsynchronousCommit;
import dev.tidemark.run.LockRetry;
import dev.tidemark.run.RunListener;

/**
 * The settings about how sessions work, and on whose behalf.
 *
 * @param <B> the type of the builder
 */
abstract class SessionBuilder<B extends SessionBuilder<B>> extends PlanBuilder<B> {

	SessionBuilder(Settings settings) {
		super(settings);
	}

	/**
	 * Sets how long a statement may wait for a lock.
	 * @param timeout the timeout, zero for no limit; by default two seconds
	 * @return this builder
	 */
	public B lockTimeout(Duration timeout) {
		this.settings.lockTimeout = timeout;
		return self();
	}

	/**
	 * Sets how long a statement may run.
	 * @param timeout the timeout, zero for no limit, which is the default
	 * @return this builder
	 */
	public B statementTimeout(Duration timeout) {
		this.settings.statementTimeout = timeout;
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
		this.settings.clientCheckInterval = interval;
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
		this.settings.clientTimeout = timeout;
		return self();
	}

	/**
	 * Sets whether a run may go on before the commit of a migration in its middle is on
	 * disk.
	 * @param commit whether it may; by default where nothing is promised by that commit
	 * @return this builder
	 */
	public B asynchronousCommit(AsynchronousCommit commit) {
		this.settings.asynchronousCommit = commit;
		return self();
	}

	/**
	 * Sets how long a run, or a decision before it, waits for another instance that
	 * migrates.
	 * @param timeout the budget, zero for not at all; by default ten minutes
	 * @return this builder
	 */
	public B waitTimeout(Duration timeout) {
		this.settings.waitTimeout = timeout;
		return self();
	}

	/**
	 * Sets how long a migration that does not get a lock within the lock timeout is tried
	 * again.
	 * @param retry the budget; by default five minutes
	 * @return this builder
	 */
	public B lockRetry(LockRetry retry) {
		this.settings.lockRetry = retry;
		return self();
	}

	/**
	 * Sets the name that the history records as author.
	 * @param name the name, or {@code null} for the database user, which is the default
	 * @return this builder
	 */
	public B installedBy(@Nullable String name) {
		this.settings.installedBy = name;
		return self();
	}

	/**
	 * Sets a name that people know this deployment by, such as {@code release-42}. The
	 * history records it beside the id of the deployment.
	 * @param tag the name, or {@code null} for none, which is the default
	 * @return this builder
	 */
	public B tag(@Nullable String tag) {
		this.settings.tag = tag;
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
		this.settings.role = role;
		return self();
	}

	/**
	 * Sets SQL that runs when a session that migrates starts, such as
	 * {@code SET ROLE owner}.
	 * @param sql one or more statements, or {@code null} for none, which is the default
	 * @return this builder
	 */
	public B initSql(@Nullable String sql) {
		this.settings.initSql = sql;
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
		this.settings.applicationName = name;
		this.settings.applicationVersion = version;
		this.settings.instance = instance;
		return self();
	}

	/**
	 * Sets how the settings of this instance begin, so that messages name the right ones.
	 * @param prefix the prefix, by default {@code tidemark.}
	 * @return this builder
	 */
	public B settingsPrefix(String prefix) {
		this.settings.settingNames = new SettingNames(prefix);
		return self();
	}

	/**
	 * Sets the clock whose time the history records.
	 * @param clock the clock; by default the system's
	 * @return this builder
	 */
	public B clock(Clock clock) {
		this.settings.clock = clock;
		return self();
	}

	/**
	 * Adds a listener.
	 * @param listener is told what each run does
	 * @return this builder
	 */
	public B listener(RunListener listener) {
		this.settings.listeners.add(listener);
		return self();
	}

}
