package dev.tidemark.statement.parse;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.statement.AlterRoutine;
import dev.tidemark.statement.CreateRoutine;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.ObjectName;
import dev.tidemark.statement.RoutineOptions;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.Volatility;

/**
 * Reads what functions and procedures are told; used once.
 */
final class RoutineParser {

	private final SqlReader sql;

	private final Set<String> settings = new HashSet<>();

	private @Nullable String language;

	private @Nullable Volatility volatility;

	private @Nullable Boolean securityDefiner;

	private boolean atomic;

	private @Nullable String body;

	RoutineParser(SqlReader sql) {
		this.sql = sql;
	}

	Statement create(ObjectKind kind, boolean orReplace) {
		ObjectName name = new ObjectName(this.sql.requireName(), null, arguments());
		if (this.sql.accept("RETURNS")) {
			if (this.sql.accept("TABLE")) {
				this.sql.skipParentheses();
			}
			else {
				this.sql.type();
			}
		}
		while (!this.sql.isAtEnd()) {
			if (this.sql.accept("AS")) {
				definition();
			}
			else if (this.sql.accept("RETURN") || this.sql.accept("BEGIN", "ATOMIC")) {
				this.atomic = true;
				this.sql.skipRest();
			}
			else {
				option();
			}
		}
		if (this.atomic && this.language == null) {
			this.language = "sql";
		}
		return new CreateRoutine(kind, name, orReplace, options(), this.body);
	}

	private String arguments() {
		return this.sql.require(new ObjectNameReader(this.sql).arguments());
	}

	private void definition() {
		String text = this.sql.requireString();
		if (this.sql.accept(',')) {
			this.sql.requireString();
		}
		else {
			this.body = text;
		}
	}

	Statement alter(ObjectKind kind, ObjectName name) {
		do {
			option();
		}
		while (!this.sql.isAtEnd());
		return new AlterRoutine(kind, name, options());
	}

	private RoutineOptions options() {
		return new RoutineOptions(this.language, this.volatility, this.securityDefiner, this.settings, this.atomic);
	}

	private void option() {
		this.sql.accept("EXTERNAL");
		if (this.sql.accept("LANGUAGE")) {
			this.language = this.sql.value().toLowerCase(Locale.ROOT);
		}
		else if (this.sql.isAtAny("IMMUTABLE", "STABLE", "VOLATILE")) {
			this.volatility = Volatility.valueOf(this.sql.keyword());
			this.sql.skip();
		}
		else if (this.sql.accept("SECURITY")) {
			this.securityDefiner = this.sql.accept("DEFINER");
			if (!this.securityDefiner) {
				this.sql.expect("INVOKER");
			}
		}
		else if (this.sql.accept("SET")) {
			setting();
		}
		else if (this.sql.accept("RESET")) {
			this.sql.require(this.sql.dottedName());
		}
		else if (!acceptPlain()) {
			throw this.sql.notUnderstood();
		}
	}

	private void setting() {
		SettingParser parser = new SettingParser(this.sql);
		this.settings.add(parser.clause());
	}

	private boolean acceptPlain() {
		if (this.sql.acceptAny("COST", "ROWS", "SUPPORT", "PARALLEL")) {
			if (this.sql.isAtName()) {
				this.sql.requireName();
			}
			else {
				this.sql.value();
			}
			return true;
		}
		if (this.sql.accept("TRANSFORM")) {
			this.sql.list(() -> {
				this.sql.expect("FOR", "TYPE");
				return this.sql.type();
			});
			return true;
		}
		if (this.sql.accept("WITH")) {
			this.sql.skipParentheses();
			return true;
		}
		return this.sql.acceptAny("WINDOW", "STRICT", "LEAKPROOF", "RESTRICT") || this.sql.accept("NOT", "LEAKPROOF")
				|| this.sql.accept("CALLED", "ON", "NULL", "INPUT")
				|| this.sql.accept("RETURNS", "NULL", "ON", "NULL", "INPUT");
	}

}
