package dev.tidemark.catalogue.batch;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Identifiers;

/**
 * The keys of a table between two: behind the first one, and up to the last one with it.
 * Of a table without a key, the blocks from the first one on, and up to the last one
 * without it.
 *
 * @param table the table
 * @param relation the part of it that they lie in
 * @param after the values of the key behind which it begins; {@code null} to begin with
 * the first one
 * @param upTo the values of the last key
 * @since 0.1.0
 */
public record KeyRange(BatchTable table, BatchRelation relation, @Nullable List<String> after, List<String> upTo) {

	/** Copies the lists. */
	public KeyRange {
		after = (after != null) ? List.copyOf(after) : null;
		upTo = List.copyOf(upTo);
	}

	/**
	 * Returns the condition that holds for the rows of these keys and for no other ones.
	 * @param alias the name that the table has in the statement, as the catalogue would
	 * hold it; {@code null} if its columns need none
	 */
	public String condition(@Nullable String alias) {
		String prefix = (alias != null) ? Identifiers.quote(alias) : "";
		return "(" + bounds(prefix) + within(prefix) + ")";
	}

	/**
	 * Returns the condition where only the part of the table is read that they lie in.
	 * @param alias the name that it has in the statement, as SQL; empty if its columns
	 * need none
	 */
	public String within(String alias) {
		String keys = this.table.isByBlocks() ? blocks(alias) : keys(alias);
		if (!this.table.isDivided()) {
			return "(" + keys + ")";
		}
		return "(" + column(alias, "tableoid") + " OPERATOR(pg_catalog.=) " + this.relation.oid()
				+ "::pg_catalog.oid AND " + keys + ")";
	}

	/**
	 * Returns what lets the server leave alone the other partitions, which it would have
	 * to look into for each batch otherwise. Without an alias, other tables of the
	 * statement may have columns of the same names as those that are no part of the key.
	 */
	private String bounds(String alias) {
		String bounds = this.relation.bounds();
		List<String> columns = this.table.place().columns();
		boolean clear = !alias.isEmpty()
				|| this.table.keys().stream().map(KeyColumn::name).toList().containsAll(columns);
		return (bounds != null && clear) ? new PartitionBounds(bounds, columns).sql(alias) + " AND " : "";
	}

	/**
	 * Returns what stands behind FROM to read these rows alone: of a table in parts only
	 * the part that they lie in, by the name that conditions know the table by.
	 */
	public String from() {
		return this.table.isDivided() ? "ONLY " + this.relation.name() + " AS " + this.table.alias()
				: this.table.name();
	}

	private static String column(String alias, String name) {
		return alias.isEmpty() ? name : alias + "." + name;
	}

	/** Returns whether it has no more than one block of a table without a key. */
	public boolean isOneBlock() {
		return this.table.isByBlocks() && block(this.upTo) - firstBlock() <= 1;
	}

	/** Returns in words which blocks it has of a table without a key. */
	public String blocksInWords() {
		long last = block(this.upTo) - 1;
		return isOneBlock() ? "block " + last : "the blocks from " + firstBlock() + " to " + last;
	}

	private long firstBlock() {
		return (this.after != null) ? block(this.after) : 0;
	}

	private static long block(List<String> values) {
		return Long.parseLong(values.get(0));
	}

	private String blocks(String alias) {
		String ctid = column(alias, "ctid");
		return ctid + " OPERATOR(pg_catalog.>=) '(" + firstBlock() + ",0)'::pg_catalog.tid AND " + ctid
				+ " OPERATOR(pg_catalog.<) '(" + this.upTo.get(0) + ",0)'::pg_catalog.tid";
	}

	private String keys(String alias) {
		String last = compare(alias, this.upTo, KeyColumn.Order::less, KeyColumn.Order::atMost);
		return (this.after != null)
				? compare(alias, this.after, KeyColumn.Order::greater, KeyColumn.Order::greater) + " AND " + last
				: last;
	}

	/**
	 * Compares all columns as one value. A comparison of rows is what an index is walked
	 * by; the bound of the first column helps the server to estimate.
	 */
	private String compare(String alias, List<String> values, Function<KeyColumn.Order, String> strict,
			Function<KeyColumn.Order, String> last) {
		List<KeyColumn> columns = this.table.keys();
		KeyColumn first = columns.get(0);
		if (columns.size() == 1) {
			return term(alias, first, last.apply(first.order()), values.get(0));
		}
		boolean less = strict.apply(first.order()).equals(first.order().less());
		String bound = term(alias, first, less ? first.order().atMost() : first.order().atLeast(), values.get(0));
		if (columns.stream().allMatch((column) -> column.order().equals(first.order()))) {
			return bound + " AND ROW("
					+ columns.stream().map((column) -> column.sql(alias)).collect(Collectors.joining(", ")) + ") "
					+ first.order().sql(last.apply(first.order())) + " ROW("
					+ IntStream.range(0, columns.size())
						.mapToObj((i) -> columns.get(i).value(values.get(i)))
						.collect(Collectors.joining(", "))
					+ ")";
		}
		return bound + " AND " + nested(alias, values, 0, strict, last);
	}

	/** Says the same where the columns have operators of different names. */
	private String nested(String alias, List<String> values, int i, Function<KeyColumn.Order, String> strict,
			Function<KeyColumn.Order, String> last) {
		KeyColumn column = this.table.keys().get(i);
		if (i == this.table.keys().size() - 1) {
			return term(alias, column, last.apply(column.order()), values.get(i));
		}
		return "(" + term(alias, column, strict.apply(column.order()), values.get(i)) + " OR ("
				+ term(alias, column, column.order().equal(), values.get(i)) + " AND "
				+ nested(alias, values, i + 1, strict, last) + "))";
	}

	private static String term(String alias, KeyColumn column, String operator, String value) {
		return column.sql(alias) + " " + column.order().sql(operator) + " " + column.value(value);
	}

}
