package dev.tidemark.catalogue.batch;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.Session;

/**
 * Walks a table by its key. Each step reads the index alone, and no more of it than it
 * was told.
 *
 * @since 0.1.0
 */
public final class KeyWalk {

	/**
	 * Keys are written as texts, and have to mean the same in every session that goes on,
	 * and in that of the batch. Money has one way to be written only, which both take
	 * from the database.
	 */
	private static final String PLAIN_TEXTS = "SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres';"
			+ " SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL xmlbinary = 'base64'";

	/**
	 * Parts of the table are read by themselves, where policies of their own would hide
	 * rows, and with them where the walk ends.
	 */
	private static final String SETTINGS = PLAIN_TEXTS + "; SET LOCAL row_security = off";

	/** How many blocks a sample reads. */
	private static final int BLOCKS_OF_SAMPLE = 300;

	private final Session session;

	private final BatchTable table;

	/**
	 * Makes a walk that has yet to begin.
	 * @param session the session that looks
	 * @param table the table
	 */
	public KeyWalk(Session session, BatchTable table) {
		this.session = session;
		this.table = table;
	}

	/**
	 * Finds the last key of a part of the table.
	 * @param relation the part
	 * @return the values of the key, empty if there is no row
	 */
	public Optional<List<String>> last(BatchRelation relation) throws SQLException {
		if (this.table.isByBlocks()) {
			String blocks = query("SELECT pg_catalog.pg_relation_size(" + relation.oid()
					+ "::pg_catalog.oid::pg_catalog.regclass) OPERATOR(pg_catalog./)"
					+ " pg_catalog.current_setting('block_size')::pg_catalog.int8")
				.get(0)
				.get(0);
			return "0".equals(blocks) ? Optional.empty() : Optional.of(List.of(Objects.requireNonNull(blocks)));
		}
		// Without the alias, a column of the result would be meant, which is a text.
		return query("SELECT " + columnsOf("t") + " FROM ONLY " + relation.name() + " AS t ORDER BY "
				+ order("t", KeyColumn.Order::greater) + " LIMIT 1")
			.stream()
			.findFirst()
			.map((row) -> values(row, 0));
	}

	/**
	 * Divides a part of the table into ranges of about as many keys, by a sample.
	 * @param relation the part
	 * @param upTo its last key
	 * @param ranges how many
	 * @return the last keys of all ranges but the last one, in order, each one only once
	 */
	public List<List<String>> divide(BatchRelation relation, List<String> upTo, int ranges) throws SQLException {
		if (ranges < 2) {
			return List.of();
		}
		if (this.table.isByBlocks()) {
			long blocks = Long.parseLong(upTo.get(0));
			return IntStream.range(1, ranges)
				.mapToLong((i) -> blocks * i / ranges)
				.filter((block) -> block > 0)
				.distinct()
				.mapToObj((block) -> List.of(Long.toString(block)))
				.toList();
		}
		double share = Math.min(100, 100.0 * BLOCKS_OF_SAMPLE / Math.max(1, relation.pages()));
		String names = names();
		String places = IntStream.range(1, ranges)
			.mapToObj((i) -> "s.total OPERATOR(pg_catalog.*) " + i + " OPERATOR(pg_catalog./) " + ranges)
			.collect(Collectors.joining(", "));
		KeyRange within = new KeyRange(this.table, relation, null, upTo);
		return query("SELECT " + columnsOf("s") + " FROM (SELECT " + names + ", pg_catalog.row_number() OVER (ORDER BY "
				+ order("t", KeyColumn.Order::less) + ") AS place, pg_catalog.count(*) OVER () AS total FROM ONLY "
				+ relation.name() + " AS t TABLESAMPLE pg_catalog.system (" + share + ") WHERE " + within.within("t")
				+ ") AS s WHERE s.place OPERATOR(pg_catalog.=) ANY (ARRAY[" + places + "]) ORDER BY s.place")
			.stream()
			.map((row) -> values(row, 0))
			.filter((key) -> !key.equals(upTo))
			.toList();
	}

	/**
	 * Finds the keys that come next.
	 * @param range where to look
	 * @param most how many keys to look at
	 * @param timeout how long the look may take, in milliseconds
	 * @return what was found, empty if there are no more
	 */
	public Optional<Step> next(KeyRange range, int most, long timeout) throws SQLException {
		if (this.table.isByBlocks()) {
			return nextBlocks(range, most);
		}
		String settings = SETTINGS + "; SET LOCAL statement_timeout = " + timeout;
		String keys = "SELECT " + names() + " FROM ONLY " + range.relation().name() + " AS t WHERE " + range.within("t")
				+ " ORDER BY " + order("t", KeyColumn.Order::less);
		// To keep and count the keys would cost more than to walk over them.
		List<List<@Nullable String>> last = this.session.ownRows(settings,
				"SELECT " + columnsOf("w") + " FROM (" + keys + " OFFSET " + (most - 1) + " LIMIT 1) AS w");
		if (!last.isEmpty()) {
			return Optional.of(new Step(most, values(last.get(0), 0)));
		}
		return this.session.ownRows(settings, "SELECT pg_catalog.count(*) FROM (" + keys + " LIMIT " + most + ") AS w")
			.stream()
			.map((row) -> Long.parseLong(Objects.requireNonNull(row.get(0))))
			.filter((left) -> left > 0)
			.map((left) -> new Step(left, range.upTo()))
			.findFirst();
	}

	/** Of blocks, as many are taken as have so many rows on the average. */
	private Optional<Step> nextBlocks(KeyRange range, int most) {
		long from = (range.after() != null) ? Long.parseLong(range.after().get(0)) : 0;
		long end = Long.parseLong(range.upTo().get(0));
		if (from >= end) {
			return Optional.empty();
		}
		double rowsOfBlock = (range.relation().rows() > 0 && range.relation().pages() > 0)
				? (double) range.relation().rows() / range.relation().pages() : 50;
		long blocks = Math.max(1, Math.round(most / Math.max(1, rowsOfBlock)));
		long to = Math.min(end, from + blocks);
		return Optional.of(new Step(Math.round((to - from) * rowsOfBlock), List.of(Long.toString(to))));
	}

	/**
	 * Returns the query for the keys of a range, in order. Names that differ in capitals
	 * only are one name to who reads the rows, so that the columns have others.
	 * @param range the range, of a table that has a key
	 */
	public static String keys(KeyRange range) {
		List<KeyColumn> columns = range.table().keys();
		return "SELECT "
				+ IntStream.range(0, columns.size())
					.mapToObj((i) -> columns.get(i).sql("t") + " AS key" + i)
					.collect(Collectors.joining(", "))
				+ " FROM ONLY " + range.relation().name() + " AS t WHERE " + range.within("t") + " ORDER BY "
				+ order(columns, "t", KeyColumn.Order::less);
	}

	/**
	 * Returns the query for how many rows of the table lie in a range.
	 * @param range the range
	 */
	public static String count(KeyRange range) {
		return "SELECT pg_catalog.count(*) FROM " + range.from() + " WHERE " + range.within("");
	}

	private List<List<@Nullable String>> query(String query) throws SQLException {
		return this.session.ownRows(SETTINGS, query);
	}

	private String names() {
		return this.table.keys().stream().map((column) -> column.sql("t")).collect(Collectors.joining(", "));
	}

	private String columnsOf(String alias) {
		return this.table.keys().stream().map((column) -> text(column.sql(alias))).collect(Collectors.joining(", "));
	}

	private static String text(String column) {
		return column + "::pg_catalog.text";
	}

	private String order(String alias, Function<KeyColumn.Order, String> operator) {
		return order(this.table.keys(), alias, operator);
	}

	private static String order(List<KeyColumn> columns, String alias, Function<KeyColumn.Order, String> operator) {
		return columns.stream()
			.map((column) -> column.sql(alias) + " USING " + column.order().sql(operator.apply(column.order())))
			.collect(Collectors.joining(", "));
	}

	private static List<String> values(List<@Nullable String> row, int from) {
		return row.subList(from, row.size()).stream().map((value) -> Objects.requireNonNull(value)).toList();
	}

	/**
	 * A step of the walk.
	 *
	 * @param keys how many keys were found; of blocks, how many there may be
	 * @param last the last one, or the end of the range if there are no more
	 * @since 0.1.0
	 */
	public record Step(long keys, List<String> last) {

	}

}
