package dev.tidemark.history.backfill;

import java.util.ArrayList;
import java.util.List;

/**
 * A row that was left out.
 *
 * @param key the values of its key, as texts
 * @param sqlState why, as the server says
 * @param message why, in words, without values of the row
 * @since 0.1.0
 */
public record RecordedBadRow(List<String> key, String sqlState, String message) {

	private static final String SEPARATOR = "\u001f";

	/** Copies the list. */
	public RecordedBadRow {
		key = List.copyOf(key);
	}

	String text() {
		List<String> parts = new ArrayList<>(List.of(this.sqlState, this.message));
		parts.addAll(this.key);
		return String.join(SEPARATOR, parts);
	}

	static RecordedBadRow of(String text) {
		List<String> parts = List.of(text.split(SEPARATOR, -1));
		return new RecordedBadRow(parts.subList(2, parts.size()), parts.get(0), parts.get(1));
	}

}
