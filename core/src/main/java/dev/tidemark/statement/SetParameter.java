package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * {@code SET} and {@code RESET} of a setting.
 *
 * @param name the name in lower case; {@code timezone}, {@code client_encoding},
 * {@code role}, {@code session_authorization}, {@code search_path} and {@code xmloption}
 * whatever notation is used; {@link #ALL} for all
 * @param local whether it is for the transaction only
 * @param values the values, without quotes; empty if it is reset, or not constant
 * @param reset whether it gets the value again that the session began with
 * @since 0.1.0
 */
public record SetParameter(String name, boolean local, List<String> values, boolean reset) implements Statement {

	/** Copies what it is given. */
	public SetParameter {
		values = List.copyOf(values);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	/** The name that stands for all settings. */
	public static final String ALL = "all";

	/**
	 * Return whether the statement is about a setting.
	 * @param setting the name of the setting in lower case
	 * @return {@code true} also if all settings are set back
	 */
	public boolean concerns(String setting) {
		return this.name.equals(setting) || (this.reset && this.name.equals(ALL));
	}

}
