package dev.tidemark.catalogue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * Finds out which schemas there are.
 *
 * @since 0.1.0
 */
public final class SchemaNames {

	private SchemaNames() {
	}

	/** Returns those of some schemas that do not exist, in their order. */
	public static Set<String> missing(Connection connection, Collection<String> schemas) throws SQLException {
		Set<String> missing = new LinkedHashSet<>(schemas);
		if (missing.isEmpty()) {
			return missing;
		}
		String names = missing.stream().map(StringLiteral::quote).collect(Collectors.joining(", "));
		try (Statement statement = connection.createStatement();
				ResultSet found = statement
					.executeQuery(Operators.qualified("SELECT nspname FROM pg_catalog.pg_namespace"
							+ " WHERE nspname = ANY (ARRAY[" + names + "]::pg_catalog.name[])"))) {
			while (found.next()) {
				missing.remove(found.getString(1));
			}
		}
		return missing;
	}

}
