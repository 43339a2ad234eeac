package dev.tidemark.statement;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;

/**
 * What one statement does, as far as its text tells. Each question reads the text anew.
 *
 * @since 0.1.0
 */
public final class FormerStatement {

	private final SqlStatement sql;

	FormerStatement(SqlStatement sql) {
		this.sql = sql;
	}

	/**
	 * Return what the statement is about: its command with the objects that it names.
	 * @return the subject, {@link Subject.Other} for a command that has no kind of its
	 * own or whose text was not understood
	 */
	public Subject subject() {
		return SubjectReader.read(this.sql);
	}

	/**
	 * Return which partitioned table the statement creates.
	 * @return its name, or {@code null} if the statement creates none
	 */
	public @Nullable QualifiedName createdPartitionedTable() {
		return PartitionedTableReader.read(this.sql);
	}

	/**
	 * Return what the statement changes.
	 * @return the changes in order; none for a query that only reads
	 */
	public List<Change> changes() {
		return ChangeReader.read(this.sql);
	}

	/**
	 * Return which settings of its session the statement speaks of, in the bodies of its
	 * functions and blocks too.
	 * @return the names in lower case, some of which may be names of other things
	 */
	public Set<String> settings() {
		return SettingReader.names(this.sql);
	}

	/**
	 * Return whether the statement does nothing but give settings of its session values,
	 * so that it may run again in another one.
	 * @return {@code true} for {@code SET}, {@code RESET} and calls of {@code set_config}
	 */
	public boolean setsOnly() {
		return SettingReader.setsOnly(this.sql);
	}

	/**
	 * Return whether the statement itself asks for a value that a sequence has given to
	 * its session, by {@code currval()} or {@code lastval()}.
	 * @return {@code true} if it means something else in another session
	 */
	public boolean readsLastValue() {
		return LastValueReader.reads(this.sql);
	}

	/**
	 * Return whether a sequence may have given a value to the session of the statement.
	 * @return {@code true} for what writes rows or calls functions
	 */
	public boolean mayGetValue() {
		return LastValueReader.mayGet(this.sql);
	}

	/**
	 * Return which setting the statement changes for the rest of its session.
	 * @return the setting, or {@code null} if the statement does something else, or
	 * changes it for its transaction only
	 */
	public @Nullable SessionSetting sessionSetting() {
		return SessionSettingReader.read(this.sql);
	}

	/**
	 * Return what the statement does that the driver cannot live with.
	 * @return the conflict, or {@code null} if there is none to be seen
	 */
	public @Nullable DriverConflict driverConflict() {
		return DriverConflictReader.read(this.sql);
	}

}
