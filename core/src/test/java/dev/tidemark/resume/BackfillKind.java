package dev.tidemark.resume;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import dev.tidemark.fixture.MigrationFolder;

/**
 * Backfills of every kind. Each leaves behind how often it has moved each row, and
 * nothing keeps it from moving one twice: neither a unique key of a target nor a
 * condition.
 */
enum BackfillKind {

	/** Rows that count. */
	UPDATE(Tables.COUNTED, "batch table=items by=id; verify \"n = 1\"", "UPDATE items SET n = n + 1 WHERE {batch}",
			Times.COUNTED),

	/** Rows that are copied. */
	INSERT(Tables.COPIED, "batch table=items by=id", "INSERT INTO copies SELECT i.id FROM items AS i WHERE {batch:i}",
			Times.COPIED),

	/** Rows that go, of which a trigger writes a log. */
	DELETE(Tables.COPIED + """
			;
			CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
			  INSERT INTO copies VALUES (OLD.id); RETURN NULL; END';
			CREATE TRIGGER log AFTER DELETE ON items FOR EACH ROW EXECUTE FUNCTION log()""", "batch table=items by=id",
			"DELETE FROM items WHERE {batch}", Times.GONE),

	/** Rows that move to another table. */
	MOVE(Tables.COPIED, "batch table=items by=id", """
			WITH gone AS (DELETE FROM items WHERE {batch} RETURNING id)
			INSERT INTO copies SELECT id FROM gone""", Times.GONE),

	/** Several statements, the last of which writes down the batch, and slow commits. */
	SEVERAL(Tables.COPIED
			+ """
					;
					CREATE TABLE batches (first int, last int);
					CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.005); RETURN NULL; END';
					CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON batches DEFERRABLE INITIALLY DEFERRED
					  FOR EACH ROW EXECUTE FUNCTION slow()""",
			"batch table=items by=id", """
					UPDATE items SET n = n + 1 WHERE {batch};
					INSERT INTO copies SELECT id FROM items WHERE {batch} AND n = 1;
					INSERT INTO batches SELECT min(id), max(id) FROM items WHERE {batch} HAVING count(*) > 0""", """
					SELECT i.id::text AS key, i.n * count(c.id) AS times FROM items i LEFT JOIN copies c USING (id)
					GROUP BY i.id, i.n""",
			"""
					SELECT (SELECT sum(n) FROM items) + (SELECT count(*) FROM copies) + (SELECT count(*) FROM batches)"""),

	/** A key of two columns, one of which needs quotes. */
	COMPOSITE("""
			CREATE TABLE items (shop text, made timestamptz, n int NOT NULL DEFAULT 0, PRIMARY KEY (shop, made));
			INSERT INTO items (shop, made)
			SELECT (ARRAY['O''Hara', 'a b', '', 'Ö', 'back\\slash', '{"x",NULL}'])[1 + i % 6],
			  timestamptz '2024-03-31 00:00Z' + i * interval '7.123457 minutes' FROM generate_series(1, @rows@) i""",
			"batch table=items by=shop,made; verify \"n = 1\"", "UPDATE items SET n = n + 1 WHERE {batch}",
			"SELECT concat_ws('|', shop, made) AS key, n AS times FROM items"),

	/** Partitions, some of which have partitions, and one of which has no row. */
	PARTITIONED("""
			CREATE TABLE items (id int, region text, n int NOT NULL DEFAULT 0, PRIMARY KEY (id, region))
			PARTITION BY LIST (region);
			CREATE TABLE north PARTITION OF items FOR VALUES IN ('north');
			CREATE TABLE nowhere PARTITION OF items FOR VALUES IN ('nowhere');
			CREATE TABLE south PARTITION OF items FOR VALUES IN ('south') PARTITION BY RANGE (id);
			CREATE TABLE south_1 PARTITION OF south FOR VALUES FROM (MINVALUE) TO (500);
			CREATE TABLE south_2 PARTITION OF south FOR VALUES FROM (500) TO (MAXVALUE);
			INSERT INTO items SELECT i, (ARRAY['north', 'south'])[1 + i % 2] FROM generate_series(1, @rows@) i""",
			"batch table=items by=id,region; verify \"n = 1\"", "UPDATE items SET n = n + 1 WHERE {batch}",
			Times.COUNTED),

	/** No key: blocks are copied. */
	BLOCKS(Tables.KEYLESS, "batch table=items", "INSERT INTO copies SELECT i.id FROM items AS i WHERE {batch:i}",
			Times.COPIED),

	/** No key: blocks are emptied. */
	EMPTIED_BLOCKS(Tables.KEYLESS, "batch table=items", """
			WITH gone AS (DELETE FROM items WHERE {batch} RETURNING id)
			INSERT INTO copies SELECT id FROM gone""", Times.GONE),

	/** Four batches at once, of rows that count. */
	WORKERS(Tables.COUNTED, "batch table=items by=id; workers=4; verify \"n = 1\"",
			"UPDATE items SET n = n + 1 WHERE {batch}", Times.COUNTED),

	/** Four batches at once, of rows that are copied. */
	COPYING_WORKERS(Tables.COPIED, "batch table=items by=id; workers=4",
			"INSERT INTO copies SELECT i.id FROM items AS i WHERE {batch:i}", Times.COPIED),

	/** Rows that count, but for some that cannot be moved. */
	BAD_ROWS(Tables.COUNTED + "; ALTER TABLE items ADD CHECK (n = 0 OR id % 450 <> 0)",
			"batch table=items by=id; on-bad-row=skip", "UPDATE items SET n = n + 1 WHERE {batch}",
			"SELECT id::text AS key, CASE WHEN id % 450 = 0 THEN 1 - n ELSE n END AS times FROM items",
			"SELECT sum(n) FROM items");

	/** How many rows each of them moves. */
	static final int ROWS = 1200;

	/** How many rows cannot be moved. */
	static final int ROWS_THAT_ARE_BAD = 8;

	/** Small batches: there has to be something left when it dies. */
	private static final List<String> DIRECTIVES = List.of("size=20", "max-size=30", "duty=1", "reads=now");

	private static final String BEFORE = "V1__tables.sql";

	private static final String BACKFILL = "V2__move.backfill.sql";

	private final String tables;

	private final String directives;

	private final String statements;

	private final String times;

	private final String changed;

	BackfillKind(String tables, String directives, String statements, String times) {
		this(tables, directives, statements, times, "SELECT sum(times) FROM (" + times + ") AS t");
	}

	BackfillKind(String tables, String directives, String statements, String times, String changed) {
		this.tables = replaced(tables);
		this.directives = directives;
		this.statements = statements;
		this.times = replaced(times);
		this.changed = replaced(changed);
	}

	/** Constants of the enumeration are made before its other ones. */
	private static String replaced(String sql) {
		return sql.replace("@rows@", Integer.toString(ROWS));
	}

	/** Writes the file that makes the tables, which is no backfill. */
	MigrationFolder writeTables(Path path) {
		return new MigrationFolder(path.resolve(folder())).add(BEFORE, this.tables);
	}

	/** Writes the backfill beside it. */
	Path writeBackfill(Path path) {
		StringBuilder file = new StringBuilder();
		for (String directive : this.directives.split("; ")) {
			file.append("-- tidemark: ").append(directive).append('\n');
		}
		DIRECTIVES.forEach((directive) -> file.append("-- tidemark: ").append(directive).append('\n'));
		writeTables(path).add(BACKFILL, file + this.statements);
		return path.resolve(folder());
	}

	private String folder() {
		return name().toLowerCase(Locale.ROOT);
	}

	/** Returns the query for how often each row was moved. */
	String times() {
		return this.times;
	}

	/** Returns the query for how many rows were changed so far. */
	String changed() {
		return this.changed;
	}

	boolean isByBlocks() {
		return this == BLOCKS || this == EMPTIED_BLOCKS;
	}

	int badRows() {
		return (this == BAD_ROWS) ? ROWS_THAT_ARE_BAD : 0;
	}

	private static final class Tables {

		private static final String COUNTED = """
				CREATE TABLE items (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
				INSERT INTO items SELECT 3 * i FROM generate_series(1, @rows@) i""";

		private static final String COPIED = COUNTED + "; CREATE TABLE copies (id int)";

		private static final String KEYLESS = """
				CREATE TABLE items (id int, filler text DEFAULT repeat('x', 300));
				INSERT INTO items SELECT 3 * i FROM generate_series(1, @rows@) i;
				CREATE TABLE copies (id int)""";

		private Tables() {
		}

	}

	private static final class Times {

		private static final String COUNTED = "SELECT id::text AS key, n AS times FROM items";

		private static final String COPIED = """
				SELECT i.id::text AS key, count(c.id) AS times FROM items i LEFT JOIN copies c USING (id) GROUP BY i.id""";

		private static final String GONE = """
				SELECT (3 * i)::text AS key, count(c.id) AS times FROM generate_series(1, @rows@) i
				LEFT JOIN copies c ON c.id = 3 * i GROUP BY i""";

		private Times() {
		}

	}

}
