package dev.tidemark.run.inspect;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationRun;
import dev.tidemark.session.lock.LockHolder;
import dev.tidemark.sql.PlainText;

/**
 * What the files and the history say at one moment. Looking changes nothing and waits for
 * nobody.
 *
 * @param state the overall state
 * @param database which database this is, or {@code null} if it did not answer
 * @param historyTable the name of the history table, without its schema
 * @param currentVersion the newest version in the database, or {@code null} if there is
 * none or it did not answer
 * @param lockHolder the session that migrates now, or {@code null} if none does
 * @param current what is being done now, by a run of this instance or else of another
 * one, or {@code null} if nothing is
 * @param lockAttempts the newest attempts of this instance's run that goes on, or else of
 * its last one, that did not get a lock, in order
 * @param migrations all migrations that files or history know, in order; none if the
 * database did not answer
 * @param runs rows of the history in order of their ranks: all of them, or those that the
 * look was about, and in each case those of whatever has yet to come to its end
 * @param problems what is wrong
 * @since 0.1.0
 */
public record Inspection(State state, @Nullable DatabaseIdentity database, String historyTable,
		@Nullable MigrationVersion currentVersion, @Nullable LockHolder lockHolder, @Nullable Current current,
		List<LockAttempt> lockAttempts, List<MigrationInfo> migrations, List<MigrationRun> runs,
		List<Problem> problems) {

	/** Copies the lists. */
	public Inspection {
		lockAttempts = List.copyOf(lockAttempts);
		migrations = List.copyOf(migrations);
		runs = List.copyOf(runs);
		problems = List.copyOf(problems);
	}

	/**
	 * The state of a database and its migrations as a whole.
	 *
	 * @since 0.1.0
	 */
	public enum State {

		/** All known migrations are applied. */
		UP_TO_DATE,

		/** Some migrations have yet to run, and nothing stands in their way. */
		PENDING,

		/** An instance is migrating now. */
		RUNNING,

		/** Something is wrong that a person has to solve; the problems say what. */
		BLOCKED,

		/** The database did not answer in time, or not as expected. */
		UNREACHABLE;

		/** Returns the name that the endpoint uses, such as {@code up-to-date}. */
		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

	/** Returns the state in words, fit for a line of a log. */
	@Override
	public String toString() {
		String where = (this.database != null) ? this.database.name() + ", " + this.historyTable : this.historyTable;
		String version = (this.currentVersion != null) ? "version " + this.currentVersion : "no version";
		return PlainText.line("Inspection of " + where + ": " + this.state + ", " + version + ", "
				+ this.migrations.size() + " migrations, problems "
				+ this.problems.stream().map((problem) -> problem.code().code()).distinct().toList());
	}

	/**
	 * Returns the migrations in one state.
	 * @param migrationState the state
	 * @return the migrations, possibly none
	 */
	public List<MigrationInfo> in(MigrationState migrationState) {
		return this.migrations.stream().filter((migration) -> migration.state() == migrationState).toList();
	}

	/**
	 * Returns a part of a group of migrations.
	 * @param group which group
	 * @param page which part of it
	 * @return the migrations, what ran last first
	 */
	public List<MigrationInfo> in(Group group, Page page) {
		return page.of(this.migrations, group);
	}

	/**
	 * Returns how many migrations a group has.
	 * @param group which group
	 * @return the number
	 */
	public int count(Group group) {
		return (int) this.migrations.stream().filter((migration) -> Group.of(migration.state()) == group).count();
	}

	/**
	 * Returns what is known of one migration.
	 * @param identity the migration
	 * @return the migration with its state, empty if neither files nor history know it
	 */
	public Optional<MigrationInfo> find(Identity identity) {
		return this.migrations.stream().filter((migration) -> migration.identity().equals(identity)).findFirst();
	}

	/**
	 * Returns the runs of one migration: all of them, if the look was about it.
	 * @param identity the migration
	 * @return its rows in order of their ranks, possibly none
	 */
	public List<MigrationRun> runs(Identity identity) {
		return this.runs.stream().filter((run) -> run.migration().identity().equals(identity)).toList();
	}

}
