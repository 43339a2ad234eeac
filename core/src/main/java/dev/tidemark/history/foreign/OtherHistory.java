package dev.tidemark.history.foreign;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.sql.PlainText;

/**
 * A history of Tidemark that lies where ours would, and is not ours.
 *
 * @param schema the schema of its table
 * @param table the name of its table
 * @param readable whether its rows could be read
 * @param application which application wrote it last, or {@code null} if that is not
 * known
 * @param version the newest version in it, or {@code null} if there is none, or it is not
 * known
 * @since 0.1.0
 */
public record OtherHistory(String schema, String table, boolean readable, @Nullable String application,
		@Nullable MigrationVersion version) {

	/** Returns its name and whose it is, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line(this.schema + "." + this.table + " (" + whose() + ")");
	}

	private String whose() {
		if (!this.readable) {
			return "which this role may not read";
		}
		return ((this.application != null) ? "of the application " + this.application : "of an unnamed application")
				+ ((this.version != null) ? ", at version " + this.version : ", without a version");
	}

}
