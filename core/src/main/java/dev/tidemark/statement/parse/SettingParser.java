package dev.tidemark.statement.parse;

import java.util.List;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.Discard;
import dev.tidemark.statement.Notification;
import dev.tidemark.statement.SetConstraints;
import dev.tidemark.statement.SetParameter;
import dev.tidemark.statement.SetTransaction;
import dev.tidemark.statement.Show;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.WaitFor;

/**
 * Reads what acts on the session; used once.
 */
final class SettingParser {

	private static final String TIME_ZONE = "timezone";

	private static final String ENCODING = "client_encoding";

	private static final String AUTHORIZATION = "session_authorization";

	private final SqlReader sql;

	SettingParser(SqlReader sql) {
		this.sql = sql;
	}

	Statement read() {
		if (this.sql.accept("SET")) {
			return set();
		}
		if (this.sql.accept("RESET")) {
			return new SetParameter(resetName(), false, List.of(), true);
		}
		if (this.sql.accept("DISCARD")) {
			String what = this.sql.keyword();
			if (!this.sql.acceptAny("ALL", "PLANS", "SEQUENCES", "TEMP", "TEMPORARY")) {
				throw this.sql.notUnderstood();
			}
			return new Discard(what.equals("TEMPORARY") ? "TEMP" : what);
		}
		if (this.sql.accept("SHOW")) {
			this.sql.skipRest();
			return new Show();
		}
		if (this.sql.accept("WAIT", "FOR")) {
			this.sql.skipRest();
			return new WaitFor();
		}
		String command = this.sql.keyword();
		if (!this.sql.acceptAny("LISTEN", "NOTIFY", "UNLISTEN")) {
			throw this.sql.notUnderstood();
		}
		this.sql.skipRest();
		return new Notification(command);
	}

	private Statement set() {
		if (this.sql.accept("CONSTRAINTS")) {
			return constraints();
		}
		if (this.sql.accept("SESSION", "CHARACTERISTICS")) {
			this.sql.skipRest();
			return new SetTransaction(true);
		}
		if (this.sql.accept("TRANSACTION")) {
			this.sql.skipRest();
			return new SetTransaction(false);
		}
		boolean local = this.sql.accept("LOCAL");
		if (local && this.sql.accept("TRANSACTION")) {
			this.sql.skipRest();
			return new SetTransaction(false);
		}
		if (!local && isSessionNext()) {
			this.sql.skip();
		}
		return parameter(local);
	}

	/** {@code SESSION} may be a part of {@code SESSION AUTHORIZATION}. */
	private boolean isSessionNext() {
		int start = this.sql.start();
		boolean session = this.sql.accept("SESSION") && !this.sql.isAt("AUTHORIZATION");
		this.sql.backTo(start);
		return session;
	}

	/** Reads the clause of a function, a role or a database, and returns the setting. */
	String clause() {
		return parameter(false).name();
	}

	private SetParameter parameter(boolean local) {
		if (this.sql.accept("TIME", "ZONE")) {
			return timeZone(local);
		}
		if (this.sql.accept("SESSION", "AUTHORIZATION")) {
			return special(AUTHORIZATION, local);
		}
		if (this.sql.accept("NAMES")) {
			return this.sql.isAtString() ? special(ENCODING, local) : reset(ENCODING, local);
		}
		if (this.sql.accept("SCHEMA")) {
			return special("search_path", local);
		}
		if (this.sql.accept("CATALOG")) {
			return special("catalog", local);
		}
		if (this.sql.accept("XML", "OPTION")) {
			return special("xmloption", local);
		}
		String name = this.sql.settingName();
		if (name.equals("role") && !this.sql.isAt("TO") && !this.sql.isAtEqualsSign()) {
			return special(name, local);
		}
		if (this.sql.accept("FROM", "CURRENT")) {
			return new SetParameter(name, local, List.of(), false);
		}
		if (!this.sql.accept("TO") && !this.sql.acceptEqualsSign()) {
			throw this.sql.notUnderstood();
		}
		if (this.sql.accept("DEFAULT")) {
			return reset(name, local);
		}
		return new SetParameter(name, local, this.sql.list(this.sql::value), false);
	}

	private static SetParameter reset(String name, boolean local) {
		return new SetParameter(name, local, List.of(), true);
	}

	private SetParameter special(String name, boolean local) {
		if (this.sql.accept("DEFAULT")) {
			return reset(name, local);
		}
		return new SetParameter(name, local, List.of(this.sql.value()), false);
	}

	private SetParameter timeZone(boolean local) {
		if (this.sql.acceptAny("DEFAULT", "LOCAL")) {
			return reset(TIME_ZONE, local);
		}
		if (this.sql.isAt("INTERVAL")) {
			this.sql.skip();
			this.sql.skipParentheses();
			String value = this.sql.requireString();
			if (this.sql.isAtAny("HOUR", "YEAR", "MONTH", "DAY", "MINUTE", "SECOND")) {
				this.sql.skip();
				if (this.sql.accept("TO")) {
					this.sql.skip();
					this.sql.skipParentheses();
				}
			}
			return new SetParameter(TIME_ZONE, local, List.of(value), false);
		}
		return new SetParameter(TIME_ZONE, local, List.of(this.sql.value()), false);
	}

	private String resetName() {
		if (this.sql.accept("TIME", "ZONE")) {
			return TIME_ZONE;
		}
		if (this.sql.accept("SESSION", "AUTHORIZATION")) {
			return AUTHORIZATION;
		}
		if (this.sql.accept("TRANSACTION", "ISOLATION", "LEVEL")) {
			return "transaction_isolation";
		}
		return this.sql.settingName();
	}

	private Statement constraints() {
		List<QualifiedName> names = this.sql.accept("ALL") ? List.of() : this.sql.list(this.sql::requireName);
		boolean deferred = this.sql.accept("DEFERRED");
		if (!deferred) {
			this.sql.expect("IMMEDIATE");
		}
		return new SetConstraints(names, deferred);
	}

}
