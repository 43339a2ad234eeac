package dev.tidemark.session;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What the server answered to one command.
 *
 * @param count how many rows it returned or changed
 * @param rows the rows that it returned, their values as texts
 * @since 0.1.0
 */
public record CommandAnswer(long count, List<List<@Nullable String>> rows) {

	/** Copies the list of the rows. */
	public CommandAnswer {
		rows = List.copyOf(rows);
	}

}
