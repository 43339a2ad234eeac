package dev.tidemark.migration.backfill;

import java.util.List;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.RowChange;
import dev.tidemark.statement.Rows;

/**
 * A change of the key by which a table is walked, or of its partitioning: a row that
 * moves may be met again, or never.
 *
 * @param table the parts of the name of the table, one or two, as the catalogue holds
 * them
 * @param keys the columns by which it is walked, or that decide where its rows lie
 * @since 0.1.0
 */
public record KeyChange(List<String> table, List<String> keys) {

	/** What is wrong with it. */
	public static final String WHAT = "The statement changes the key by which the table is walked, or what decides in"
			+ " which partition a row lies, so that rows would be met again, or never.";

	/** What to do about it. */
	public static final String REMEDY = "Walk the table by a key that stays, as in by=id, or make the change in a file"
			+ " that runs before the application.";

	/** Copies the lists. */
	public KeyChange {
		table = List.copyOf(table);
		keys = List.copyOf(keys);
	}

	/**
	 * Return whether a statement makes it.
	 * @param rows what the statement does
	 * @return {@code true} if it sets a column of the key
	 */
	public boolean isIn(Rows rows) {
		return rows.changes().stream().anyMatch(this::isIn);
	}

	private boolean isIn(RowChange change) {
		return isWalked(change.table()) && change.columns().stream().anyMatch(this.keys::contains);
	}

	private boolean isWalked(QualifiedName name) {
		String schema = (this.table.size() > 1) ? this.table.get(0) : null;
		return !this.table.isEmpty() && name.name().equals(this.table.get(this.table.size() - 1))
				&& (schema == null || name.schema() == null || schema.equals(name.schema()));
	}

}
