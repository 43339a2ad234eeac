package dev.tidemark.statement.parse;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.CallProcedure;
import dev.tidemark.statement.Copy;
import dev.tidemark.statement.CreateTableAs;
import dev.tidemark.statement.Discard;
import dev.tidemark.statement.DoBlock;
import dev.tidemark.statement.ExecutePrepared;
import dev.tidemark.statement.Explain;
import dev.tidemark.statement.RefreshMaterializedView;
import dev.tidemark.statement.Rows;
import dev.tidemark.statement.SetParameter;
import dev.tidemark.statement.SetTransaction;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.Unknown;
import dev.tidemark.statement.UseCursor;

/**
 * What a statement has to do with the state of its session.
 *
 * @since 0.1.0
 */
public final class SessionEffects {

	private static final SetParameter ALL = new SetParameter(SetParameter.ALL, false, List.of(), true);

	private static final String SEARCH_PATH = "search_path";

	private final SqlStatement sql;

	private final Statement statement;

	private SessionEffects(SqlStatement sql) {
		this.sql = sql;
		this.statement = Statements.of(sql);
	}

	/**
	 * Return what a statement has to do with its session.
	 * @param sql the statement
	 * @return the effects
	 */
	public static SessionEffects of(SqlStatement sql) {
		return new SessionEffects(sql);
	}

	/**
	 * Return which settings of its session the statement speaks of, in the bodies of its
	 * functions and blocks too.
	 * @return the names in lower case, some of which may be names of other things
	 */
	public Set<String> named() {
		return SettingReader.names(this.sql);
	}

	/**
	 * Return which settings of its session the statement may change, in the bodies of its
	 * functions and blocks too.
	 * @return the names in lower case, some of which may be names of other things
	 */
	public Set<String> mayChange() {
		return SettingReader.changed(this.sql);
	}

	/**
	 * Return what the statement sets for the rest of its session.
	 * @return the settings, in order; {@link SetParameter#ALL} where all are set back
	 */
	public List<SetParameter> lasting() {
		return set().stream().filter((set) -> !set.local()).toList();
	}

	/**
	 * Return whether names without a schema mean something else after the statement, in
	 * its transaction at least.
	 * @return whether it sets the search path, by {@code SET} or by a function
	 */
	public boolean setsSearchPath() {
		return set().stream().anyMatch((set) -> set.concerns(SEARCH_PATH));
	}

	/** Returns what the statement sets, for its transaction only too. */
	private List<SetParameter> set() {
		if (this.statement instanceof SetParameter set) {
			return List.of(set);
		}
		if (this.statement instanceof Rows rows) {
			return rows.settings();
		}
		return (this.statement instanceof Discard discard && discard.what().equals("ALL")) ? List.of(ALL) : List.of();
	}

	/**
	 * Return whether the statement does nothing but give settings of its session values,
	 * so that it may run again in another one.
	 * @return {@code true} for {@code SET}, {@code RESET} and calls of {@code set_config}
	 */
	public boolean setsOnly() {
		if (this.statement instanceof SetParameter set) {
			return !set.local();
		}
		if (this.statement instanceof SetTransaction set) {
			return set.session();
		}
		return this.statement instanceof Rows rows && rows.changes().isEmpty() && SettingReader.callsOnly(this.sql);
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
		return this.statement instanceof Rows || this.statement instanceof Copy
				|| this.statement instanceof CallProcedure || this.statement instanceof DoBlock
				|| this.statement instanceof ExecutePrepared || this.statement instanceof AlterTable
				|| this.statement instanceof CreateTableAs || this.statement instanceof Explain
				|| this.statement instanceof UseCursor || this.statement instanceof RefreshMaterializedView
				|| this.statement instanceof Unknown || this.sql.text().toLowerCase(Locale.ROOT).contains("nextval");
	}

}
