package dev.tidemark.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.foreign.SchemaContent;
import dev.tidemark.history.foreign.ToolHistoryReader;
import dev.tidemark.sql.StringLiteral;

/**
 * Who and what is beside a history, in the schemas that its migrations fill.
 *
 * @param name the table of the history
 * @param schemas further schemas that its migrations fill
 * @param siblings returns the histories that the same application has beside it
 */
record Neighbours(HistoryName name, List<String> schemas, Supplier<List<Sibling>> siblings) {

	/**
	 * Where nothing has ever run, what is there is somebody else's. The history is read
	 * again after it, as another instance may have run its first migration in between.
	 */
	History withContent(Connection connection, Reading reading) throws SQLException {
		History history = reading.read();
		if (!history.isUntouched()) {
			return history;
		}
		SchemaContent content = foreign(connection, history.database().schema());
		return content.isEmpty() ? history : reading.read().with(content);
	}

	/**
	 * Returns who else keeps a history in some schemas, with Tidemark or with another
	 * tool: the tables, and whose they are, in words.
	 */
	List<String> others(Connection connection, Set<String> where) throws SQLException {
		List<String> others = new ArrayList<>();
		Surroundings.read(connection, where, this.name, List.of())
			.histories(where)
			.forEach((history) -> others.add(history.toString()));
		String names = where.stream().map(StringLiteral::quote).collect(Collectors.joining(", "));
		try (Statement statement = connection.createStatement()) {
			new ToolHistoryReader(statement).read(names)
				.forEach((history) -> others.add(history.table() + " (of " + history.tool() + ")"));
		}
		// The schemas of a sibling may be more than the one in which its history lies.
		for (Sibling sibling : this.siblings.get()) {
			String schema = sibling.name().schema();
			boolean liesElsewhere = schema == null || !where.contains(schema);
			if (liesElsewhere && sibling.schemas().stream().anyMatch(where::contains)) {
				others.add(sibling.name().qualified() + " (whose migrations fill one of these schemas too)");
			}
		}
		return others;
	}

	private SchemaContent foreign(Connection connection, @Nullable String found) throws SQLException {
		Set<String> all = new LinkedHashSet<>(this.schemas);
		if (found != null) {
			all.add(found);
		}
		SchemaContent content = SchemaContent.read(connection, found, this.name.name(), all);
		if (content.isEmpty()) {
			return content;
		}
		HistoryName own = (found != null) ? this.name.in(found) : this.name;
		Surroundings surroundings = Surroundings.read(connection, all, own, this.siblings.get());
		// Beside the history of another tool nobody knows what is whose.
		Set<String> unaccounted = content.tools().isEmpty() ? surroundings.unaccounted(all) : all;
		SchemaContent left = unaccounted.equals(all) ? content
				: SchemaContent.read(connection, found, this.name.name(), unaccounted);
		return left.isEmpty() ? left : left.beside(surroundings.histories(unaccounted));
	}

	@FunctionalInterface
	interface Reading {

		History read() throws SQLException;

	}

}
