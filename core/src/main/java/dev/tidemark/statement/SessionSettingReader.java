package dev.tidemark.statement;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Reads which setting of its session a statement changes; used once.
 */
final class SessionSettingReader extends TokenReader {

	private static final String TIME_ZONE = "timezone";

	private SessionSettingReader(TokenReader tokens) {
		super(tokens);
	}

	/**
	 * Reads a statement.
	 * @return the setting, or {@code null} if the statement is about another thing, or
	 * about its transaction only
	 */
	static @Nullable SessionSetting read(SqlStatement statement) {
		return new SessionSettingReader(statement.tokens()).read();
	}

	private @Nullable SessionSetting read() {
		if (accept("SET")) {
			skip("SESSION");
			return isAt("LOCAL") ? null : set();
		}
		if (accept("RESET")) {
			String name = settingName();
			return (name != null) ? new SessionSetting(name, true) : null;
		}
		if (accept("DISCARD", "ALL")) {
			return new SessionSetting(SessionSetting.ALL, true);
		}
		return accept("SELECT") ? call() : null;
	}

	private @Nullable SessionSetting set() {
		boolean words = isAt("TIME");
		String name = settingName();
		if (name == null) {
			return null;
		}
		if (!words && !accept("TO") && isAtEqualsSign()) {
			skip();
		}
		return new SessionSetting(name, isAt("DEFAULT") || (words && isAt("LOCAL")));
	}

	private @Nullable String settingName() {
		if (accept("TIME", "ZONE")) {
			return TIME_ZONE;
		}
		String name = dottedName();
		return (name != null) ? name.toLowerCase(Locale.ROOT) : null;
	}

	/** The third argument of set_config() says whether it is for the transaction only. */
	private @Nullable SessionSetting call() {
		if (accept("PG_CATALOG")) {
			accept('.');
		}
		if (!accept("SET_CONFIG") || !accept('(')) {
			return null;
		}
		String name = string();
		if (name == null || !accept(',')) {
			return null;
		}
		while (!isAtEnd() && !isAt(',')) {
			skipOne();
		}
		accept(',');
		boolean local = !isAt("FALSE") && !"false".equalsIgnoreCase(string());
		return local ? null : new SessionSetting(name.toLowerCase(Locale.ROOT), false);
	}

}
