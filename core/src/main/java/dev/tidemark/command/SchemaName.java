package dev.tidemark.command;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;

/**
 * What can be the name of a schema, or of something else in a database.
 *
 * @since 0.1.0
 */
public final class SchemaName {

	/** What PostgreSQL does not cut off. */
	private static final int LONGEST = 63;

	private SchemaName() {
	}

	/**
	 * Require a name that PostgreSQL takes as it is.
	 * @param setting the setting that holds it
	 * @param name the name, or {@code null} if there is none
	 * @throws IllegalArgumentException if it cannot be a name
	 */
	public static void requireName(String setting, @Nullable String name) {
		if (name != null && !isName(name)) {
			throw new IllegalArgumentException("'" + setting + "' must have 1 to " + LONGEST
					+ " bytes, as PostgreSQL takes for a name, and must not hold the character 0");
		}
	}

	/**
	 * Require the name of a schema. A migration would look for another one in vain, or
	 * for one of its session.
	 * @param setting the setting that holds it
	 * @param name the name, or {@code null} if there is none
	 * @throws IllegalArgumentException if there can be no such schema
	 */
	public static void requireSchema(String setting, @Nullable String name) {
		requireName(setting, name);
		if (name != null && !isSchema(name)) {
			throw new IllegalArgumentException("'" + setting + "' must not be '" + name
					+ "': names with pg_ are the server's, and $user has a meaning of its own in a search path");
		}
	}

	/**
	 * Require the name of a schema that no setting holds.
	 * @param name the name
	 * @throws TidemarkException if there can be no such schema
	 */
	public static void requireUsable(String name) {
		try {
			requireSchema("schema", name);
		}
		catch (IllegalArgumentException ex) {
			throw notUsable(ex);
		}
	}

	/**
	 * Return whether there can be a schema of a name.
	 * @param name the name
	 * @return {@code false} if PostgreSQL would refuse or change it
	 */
	public static boolean isSchema(String name) {
		return isName(name) && !name.startsWith("pg_") && !name.equals("$user");
	}

	private static boolean isName(String name) {
		return !name.isEmpty() && name.indexOf('\0') < 0 && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
	}

	/**
	 * Tell of a setting that cannot be used.
	 * @param failure what is wrong with it
	 * @return what to throw
	 */
	public static TidemarkException notUsable(IllegalArgumentException failure) {
		return new TidemarkException(
				Problem.error(ErrorCode.SETTING, null, failure.getMessage() + ".", "Correct the setting."), failure);
	}

}
