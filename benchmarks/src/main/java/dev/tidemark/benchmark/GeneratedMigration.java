package dev.tidemark.benchmark;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes migrations of the kinds that services have, in the proportion of about one new
 * table in five. The number decides the content, so that every run has the same files.
 */
final class GeneratedMigration {

	private static final int KINDS = 10;

	private static final int ROWS = 100;

	private static final List<String> NOUNS = List.of("customer", "order", "invoice", "payment", "shipment", "product",
			"address", "contract", "account", "ticket");

	private static final List<String> COLUMNS = List.of("remark text", "email varchar(320)",
			"amount numeric(12, 2) NOT NULL DEFAULT 0", "state text NOT NULL DEFAULT 'new'",
			"created_at timestamptz NOT NULL DEFAULT now()", "details jsonb", "valid_until date",
			"active boolean NOT NULL DEFAULT true");

	private GeneratedMigration() {
	}

	/**
	 * Writes one migration.
	 * @param number its number, from 1
	 * @return the migration
	 */
	static MigrationFile file(int number) {
		int block = (number - 1) / KINDS;
		String noun = NOUNS.get(block % NOUNS.size());
		String table = noun + "_" + block;
		Random random = new Random(number);
		return switch ((number - 1) % KINDS) {
			case 0 -> file(number, "create_" + table, createTable(table, random));
			case 1 ->
				file(number, "create_" + table + "_line",
						"""
								%s
								CREATE INDEX %2$s_line_%2$s_id ON %2$s_line (%2$s_id);
								""".formatted(
								createTable(table + "_line", random).replace("id bigint",
										table + "_id bigint NOT NULL REFERENCES " + table + ",\n    id bigint"),
								table));
			case 2 -> file(number, "add_reference_to_" + table, """
					ALTER TABLE %s
					    ADD COLUMN reference text,
					    ADD COLUMN revision integer NOT NULL DEFAULT %d;
					""".formatted(table, random.nextInt(10)));
			case 3 -> file(number, "index_" + table, """
					-- Support looks %1$s rows up by their reference.
					CREATE UNIQUE INDEX %1$s_reference ON %1$s (reference) WHERE reference IS NOT NULL;
					""".formatted(table));
			case 4 ->
				file(number, "fill_" + table,
						"INSERT INTO " + table + " (reference) VALUES\n" + IntStream.range(0, 5 + random.nextInt(20))
							.mapToObj((row) -> "    ('it''s %s %d-%d')".formatted(noun, row, random.nextInt(1000)))
							.collect(Collectors.joining(",\n")) + ";\n");
			case 5 -> file(number, "describe_" + table, """
					COMMENT ON TABLE %1$s IS 'One row for each %2$s; see the handbook, "%2$s";';
					COMMENT ON COLUMN %1$s.reference IS 'What the customer calls it';
					""".formatted(table, noun));
			case 6 -> file(number, "touch_" + table, """
					CREATE FUNCTION touch_%1$s() RETURNS trigger LANGUAGE plpgsql AS $body$
					BEGIN
					    -- A row that did not change keeps its revision; others get the next one.
					    IF NEW IS DISTINCT FROM OLD THEN
					        NEW.revision := OLD.revision + 1;
					    END IF;
					    RETURN NEW;
					END;
					$body$;

					CREATE TRIGGER touch_%1$s BEFORE UPDATE ON %1$s
					    FOR EACH ROW EXECUTE FUNCTION touch_%1$s();
					""".formatted(table));
			case 7 -> file(number, "check_" + table, """
					ALTER TABLE %1$s ADD CONSTRAINT %1$s_revision CHECK (revision >= 0);
					""".formatted(table));
			case 8 -> file(number, "correct_" + table, """
					/* The import of %d wrote blanks; nothing else did. */
					UPDATE %2$s SET reference = trim(reference) WHERE reference <> trim(reference);
					DELETE FROM %2$s_line WHERE %2$s_id IS NULL;
					""".formatted(2000 + random.nextInt(25), table));
			default -> file(number, "view_" + table, """
					CREATE VIEW %1$s_overview AS
					    SELECT t.id, t.reference, count(l.id) AS lines
					    FROM %1$s t LEFT JOIN %1$s_line l ON l.%1$s_id = t.id
					    GROUP BY t.id;
					""".formatted(table));
		};
	}

	private static MigrationFile file(int number, String description, String content) {
		return MigrationFile.of("V" + number + "__" + description + ".sql", content);
	}

	private static String createTable(String table, Random random) {
		return random.ints(0, COLUMNS.size())
			.distinct()
			.limit(3 + random.nextInt(4))
			.mapToObj(COLUMNS::get)
			.collect(Collectors.joining(",\n    ",
					"CREATE TABLE " + table + " (\n    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n    ",
					"\n);\n"));
	}

	/**
	 * Writes one big migration, in statements of a hundred rows each.
	 * @param megabytes its size
	 * @return the migration
	 */
	static MigrationFile hugeFile(int megabytes) {
		int size = megabytes * 1024 * 1024;
		StringBuilder content = new StringBuilder(size + 100_000)
			.append("CREATE TABLE city (id integer PRIMARY KEY, name text NOT NULL, remark text);\n");
		for (int row = 0; content.length() < size; row++) {
			content.append((row % ROWS == 0) ? "INSERT INTO city (id, name, remark) VALUES\n" : ",\n")
				.append("    (")
				.append(row)
				.append(", 'City number ")
				.append(row)
				.append("', 'the mayor''s remark; it is as long as remarks are in a file like this one')");
			if (row % ROWS == ROWS - 1) {
				content.append(";\n");
			}
		}
		return MigrationFile.of("V1__fill_cities.sql", content.append(";\n").toString());
	}

}
