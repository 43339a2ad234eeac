package dev.tidemark.statement.parse;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.tidemark.statement.SetParameter;

/**
 * Reads the arguments of the function that sets a setting, as far as they are constant;
 * used once.
 */
final class SetConfigReader {

	private final SqlReader sql;

	SetConfigReader(SqlReader sql) {
		this.sql = sql;
	}

	/**
	 * Reads them, and returns to where they begin; {@code null} if the name is computed.
	 */
	@Nullable SetParameter read() {
		int start = this.sql.start();
		this.sql.skip();
		String setting = this.sql.string();
		skipCast();
		SetParameter set = (setting != null && this.sql.accept(',')) ? read(setting) : null;
		this.sql.backTo(start);
		return set;
	}

	private SetParameter read(String setting) {
		String value = this.sql.string();
		skipCast();
		boolean constant = value != null && this.sql.isAt(',');
		while (!this.sql.isAtEnd() && !this.sql.isAt(',') && !this.sql.isAt(')')) {
			this.sql.skipOne();
		}
		boolean local = !this.sql.accept(',') || !isFalse();
		return new SetParameter(setting.toLowerCase(Locale.ROOT), local,
				(constant && value != null) ? List.of(value) : List.of(), false);
	}

	private boolean isFalse() {
		return this.sql.isAt("FALSE") || "false".equalsIgnoreCase(this.sql.string());
	}

	private void skipCast() {
		while (this.sql.accept(':')) {
			this.sql.accept(':');
			if (this.sql.isAtName()) {
				this.sql.name();
			}
		}
	}

}
