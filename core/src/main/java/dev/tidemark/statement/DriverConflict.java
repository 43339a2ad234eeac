package dev.tidemark.statement;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What a statement does that the PostgreSQL JDBC driver cannot live with: it closes the
 * connection, or reports an error although the server goes on.
 *
 * @since 0.1.0
 */
public enum DriverConflict {

	/** It sets {@code client_encoding} to another encoding than UTF-8. */
	CLIENT_ENCODING,

	/** It sets {@code DateStyle} to another style than ISO. */
	DATE_STYLE,

	/** It copies rows to the client. */
	COPY_TO_CLIENT;

	/**
	 * Return what a statement does that the driver cannot live with. What is set within a
	 * function, or to a value that is computed, is not seen.
	 * @param statement the statement
	 * @return the conflict, or {@code null} if there is none to be seen
	 */
	public static @Nullable DriverConflict of(Statement statement) {
		if (statement instanceof Copy copy) {
			return (!copy.from() && copy.endpoint() == Copy.Endpoint.CLIENT) ? COPY_TO_CLIENT : null;
		}
		if (statement instanceof SetParameter set) {
			return of(List.of(set));
		}
		if (statement instanceof Rows rows) {
			return of(rows.settings());
		}
		if (statement instanceof CallProcedure call) {
			return of(call.arguments().settings());
		}
		if (statement instanceof ExecutePrepared execute) {
			return of(execute.arguments().settings());
		}
		return (statement instanceof Explain explain) ? of(explain.statement()) : null;
	}

	private static @Nullable DriverConflict of(List<SetParameter> settings) {
		for (SetParameter setting : settings) {
			for (String value : setting.values()) {
				DriverConflict conflict = of(setting.name(), value);
				if (conflict != null) {
					return conflict;
				}
			}
		}
		return null;
	}

	private static @Nullable DriverConflict of(String name, String value) {
		return switch (name) {
			case "client_encoding" -> isUtf8(value) ? null : CLIENT_ENCODING;
			case "datestyle" -> isIso(value) ? null : DATE_STYLE;
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
