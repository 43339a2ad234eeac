package dev.tidemark.statement;

import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Finds in one statement what the driver {@linkplain DriverConflict cannot live with};
 * used once. What is set within a function, or to a value that is computed, is not seen.
 */
final class DriverConflictReader extends TokenReader {

	private static final String ENCODING = "client_encoding";

	private static final String DATE_STYLE = "datestyle";

	/** The commands that call the functions that they name, rather than keep them. */
	private static final Set<String> CALLING = Set.of("CALL", "DELETE", "EXECUTE", "EXPLAIN", "INSERT", "MERGE",
			"SELECT", "UPDATE", "VALUES", "WITH");

	private DriverConflictReader(TokenReader tokens) {
		super(tokens);
	}

	/**
	 * Reads a statement.
	 * @param statement the statement
	 * @return the conflict, or {@code null} if there is none to be seen
	 */
	static @Nullable DriverConflict read(SqlStatement statement) {
		String command = statement.command();
		DriverConflictReader reader = new DriverConflictReader(statement.tokens());
		return switch (command) {
			case "SET" -> reader.set();
			case "COPY" -> reader.copy();
			default -> CALLING.contains(command) ? reader.setConfig() : null;
		};
	}

	private @Nullable DriverConflict set() {
		skip("SET");
		if (!accept("SESSION")) {
			accept("LOCAL");
		}
		if (accept("NAMES")) {
			String encoding = string();
			return (encoding != null) ? conflict(ENCODING, encoding) : null;
		}
		String name = identifier();
		if (name == null || !(isAtEqualsSign() || isAt("TO"))) {
			return null;
		}
		skip();
		DriverConflict conflict = null;
		do {
			String value = isAt("DEFAULT") ? null : value();
			conflict = (value != null && conflict == null) ? conflict(name, value) : conflict;
		}
		while (accept(','));
		return conflict;
	}

	private @Nullable String value() {
		String string = string();
		return (string != null) ? string : identifier();
	}

	/** {@code COPY} with a table or query; the grammar takes {@code STDIN} too. */
	private @Nullable DriverConflict copy() {
		skip("COPY");
		skip("BINARY");
		if (isAt('(')) {
			skipParentheses();
		}
		else if (name() == null) {
			return null;
		}
		if (isAt('(')) {
			skipParentheses();
		}
		return (accept("TO") && (isAt("STDOUT") || isAt("STDIN"))) ? DriverConflict.COPY_TO_CLIENT : null;
	}

	/** Most statements do not hold its name, and some of them are long. */
	private @Nullable DriverConflict setConfig() {
		if (!mayCall("set_config")) {
			return null;
		}
		DriverConflict conflict = null;
		while (!isAtEnd() && conflict == null) {
			if (!isAtName()) {
				skip();
			}
			else if ("set_config".equals(identifier()) && accept('(')) {
				conflict = arguments();
			}
		}
		return conflict;
	}

	/** A name with escapes may be any. */
	private boolean mayCall(String function) {
		String rest = rest();
		for (int i = rest.indexOf('_'); i >= 0; i = rest.indexOf('_', i + 1)) {
			if (rest.regionMatches(true, i - "set".length(), function, 0, function.length())) {
				return true;
			}
		}
		return rest.contains("&\"");
	}

	private @Nullable DriverConflict arguments() {
		String name = string();
		String value = skipToNextArgument() ? string() : null;
		return (name != null && value != null) ? conflict(name, value) : null;
	}

	/** Passes over a cast, or whatever else belongs to an argument. */
	private boolean skipToNextArgument() {
		while (!isAtEnd() && !isAt(')')) {
			if (accept(',')) {
				return true;
			}
			skipOne();
		}
		return false;
	}

	private static @Nullable DriverConflict conflict(String name, String value) {
		return switch (name.toLowerCase(Locale.ROOT)) {
			case ENCODING -> isUtf8(value) ? null : DriverConflict.CLIENT_ENCODING;
			case DATE_STYLE -> isIso(value) ? null : DriverConflict.DATE_STYLE;
			default -> null;
		};
	}

	/**
	 * The server looks at letters and digits only; {@code UNICODE} in upper case it
	 * reports as it was written, which the driver does not know.
	 */
	private static boolean isUtf8(String value) {
		StringBuilder bare = new StringBuilder();
		value.chars()
			.filter((c) -> c < 0x80 && Character.isLetterOrDigit(c))
			.forEach((c) -> bare.append((char) Character.toLowerCase(c)));
		String encoding = bare.toString();
		return encoding.equals("utf8") || (encoding.equals("unicode") && !value.equals("UNICODE"));
	}

	/** The order of day and month is no matter to the driver. */
	private static boolean isIso(String value) {
		for (String word : value.split(",", -1)) {
			String style = word.strip().replace("\"", "").toLowerCase(Locale.ROOT);
			if (style.equals("sql") || style.equals("german") || style.startsWith("postgres")) {
				return false;
			}
		}
		return true;
	}

}
