package dev.tidemark.resume;

import java.nio.file.Path;
import java.util.List;

import dev.tidemark.fixture.MigrationFolder;

/**
 * Migrations of every kind. Each statement that could be lost or doubled leaves a row in
 * the log.
 */
final class ChaosFiles {

	/** Files whose statement in doubt only a person can judge. */
	static final List<String> UNDECIDABLE = List.of("10", "11", "14", "17");

	private static final String[] FILES = { "V1__base.sql", """
			CREATE TABLE log (entry text NOT NULL);
			CREATE TABLE items (id int PRIMARY KEY, name text);
			CREATE TABLE filled AS SELECT i AS x, i % 100 AS y, 'text ' || i AS z FROM generate_series(1, 20000) i;
			CREATE TABLE reindexed AS SELECT * FROM filled;
			CREATE INDEX reindexed_x ON reindexed (x);
			CREATE INDEX reindexed_y ON reindexed (y);
			CREATE TABLE dropped AS SELECT * FROM filled LIMIT 1000;
			CREATE INDEX dropped_x ON dropped (x);
			CREATE TABLE parted (id int, name text) PARTITION BY RANGE (id);
			CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (1) TO (1000);
			CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (1000) TO (2000);
			INSERT INTO parted SELECT i, 'row' FROM generate_series(1, 1999) i;
			CREATE TYPE mood AS ENUM ('sad', 'glad');
			INSERT INTO log VALUES ('base')""", "V2__columns.sql", """
			INSERT INTO log VALUES ('columns 1');
			ALTER TABLE items ADD COLUMN price numeric NOT NULL DEFAULT 0, ADD CONSTRAINT paid CHECK (price >= 0);
			INSERT INTO items SELECT i, 'item', i FROM generate_series(1, 2000) i;
			INSERT INTO log VALUES ('columns 2')""", "V3__index.sql", """
			INSERT INTO log VALUES ('index 1');
			CREATE INDEX CONCURRENTLY filled_x ON filled (x DESC) WHERE y > 3;
			INSERT INTO log VALUES ('index 2');
			INSERT INTO log VALUES ('index 3');
			CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS filled_z ON filled (lower(z)) INCLUDE (y);
			VACUUM ANALYZE filled;
			CREATE INDEX CONCURRENTLY ON filled (y, x);
			INSERT INTO log VALUES ('index 4')""", "V4__reindex.sql", """
			INSERT INTO log VALUES ('reindex 1');
			REINDEX INDEX CONCURRENTLY reindexed_x;
			INSERT INTO log VALUES ('reindex 2');
			REINDEX TABLE CONCURRENTLY reindexed;
			INSERT INTO log VALUES ('reindex 3')""", "V5__drop.sql", """
			INSERT INTO log VALUES ('drop 1');
			DROP INDEX CONCURRENTLY dropped_x;
			INSERT INTO log VALUES ('drop 2')""", "V6__detach.sql", """
			INSERT INTO log VALUES ('detach 1');
			ALTER TABLE parted DETACH PARTITION parted_2 CONCURRENTLY;
			INSERT INTO log VALUES ('detach 2')""", "V7__enum.sql", """
			INSERT INTO log VALUES ('enum 1');
			ALTER TYPE mood ADD VALUE 'calm' BEFORE 'glad';
			VACUUM items;
			ALTER TYPE mood ADD VALUE 'wild';
			COMMIT;
			CREATE TABLE felt (m mood DEFAULT 'wild');
			INSERT INTO log VALUES ('enum 2')""", "V8__own.sql", """
			BEGIN;
			CREATE TABLE own (x int);
			INSERT INTO log VALUES ('own 1');
			COMMIT;
			BEGIN TRANSACTION;
			ALTER TABLE own ADD COLUMN y int;
			INSERT INTO log VALUES ('own 2');
			END;
			INSERT INTO log VALUES ('own 3')""", "V9__parts.sql", """
			INSERT INTO log VALUES ('part 1');
			COMMIT;
			CREATE TABLE part (x int);
			INSERT INTO log VALUES ('part 2');
			COMMIT;
			CREATE INDEX CONCURRENTLY part_x ON part (x);
			INSERT INTO log VALUES ('part 3')""", "V10__isolated.sql", """
			BEGIN ISOLATION LEVEL SERIALIZABLE;
			INSERT INTO log VALUES ('isolated');
			COMMIT""", "V11__alone.sql", """
			-- tidemark: transaction=none
			INSERT INTO log VALUES ('alone')""", "V12__slow_commit.sql", """
			CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.02); RETURN NULL; END';
			CREATE TABLE slow (x int);
			CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
			  FOR EACH ROW EXECUTE FUNCTION slow();
			INSERT INTO slow VALUES (1);
			INSERT INTO log VALUES ('slow commit 1');
			COMMIT;
			INSERT INTO slow VALUES (2);
			INSERT INTO log VALUES ('slow commit 2')""", "V13__slow_too.sql", """
			INSERT INTO slow VALUES (3);
			INSERT INTO log VALUES ('slow commit 3')""", "V14__procedure.sql", """
			CREATE OR REPLACE PROCEDURE fill() LANGUAGE plpgsql AS $$
			BEGIN
			  FOR i IN 1..3 LOOP
			    INSERT INTO log VALUES ('procedure ' || i);
			    COMMIT;
			    PERFORM pg_sleep(0.01);
			  END LOOP;
			END $$;
			CALL fill();
			INSERT INTO log VALUES ('after it')""", "V15__server.sql", """
			INSERT INTO log VALUES ('server 1');
			CREATE DATABASE @made@_1 TEMPLATE template0;
			INSERT INTO log VALUES ('server 2');
			ALTER SYSTEM SET bonjour_name = '@made@';
			CREATE DATABASE @made@_2 TEMPLATE template0;
			INSERT INTO log VALUES ('server 3')""", "V16__drop_database.sql", """
			INSERT INTO log VALUES ('drop database 1');
			DROP DATABASE @made@_1;
			INSERT INTO log VALUES ('drop database 2')""", "V17__session.sql", """
			CREATE SCHEMA other;
			INSERT INTO log VALUES ('session 1');
			DO $$ BEGIN PERFORM set_config('search_path', 'other, public', false); END $$;
			CREATE INDEX CONCURRENTLY filled_y ON filled (y);
			CREATE TABLE landed (x int);
			VACUUM filled;
			CREATE TABLE landed_too (x int);
			INSERT INTO log VALUES ('session 2')""", "R__function.sql", """
			CREATE OR REPLACE FUNCTION twice(x int) RETURNS int LANGUAGE sql AS 'SELECT 2 * x';
			INSERT INTO log VALUES ('function')""", "R__view.sql", """
			CREATE OR REPLACE VIEW dear AS SELECT * FROM items WHERE price > 10;
			INSERT INTO log VALUES ('view')""" };

	/**
	 * What the databases that files create are called, so that no other build has them.
	 */
	static final String MADE = "chaos" + ProcessHandle.current().pid() + "_made";

	/** What has to be equal after each run. */
	private static final List<String> STATE = List.of("SELECT entry FROM log ORDER BY 1", """
			SELECT relname, relkind, relispartition FROM pg_class
			WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'tidemark%' ORDER BY 1""", """
			SELECT attrelid::regclass::text, attnum, attname, atttypid::regtype, attnotnull, pg_get_expr(adbin, adrelid)
			FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
			LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum
			WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'tidemark%' ORDER BY 1, 2""", """
			SELECT pg_get_indexdef(indexrelid), indisvalid, indisready, indislive FROM pg_index
			JOIN pg_class c ON c.oid = indrelid WHERE relnamespace = 'public'::regnamespace
			AND relname NOT LIKE 'tidemark%' ORDER BY 1""", """
			SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
			WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'tidemark%'
			ORDER BY 1, 2""", """
			SELECT enumtypid::regtype, enumlabel FROM pg_enum ORDER BY enumtypid::regtype::text, enumsortorder""",
			"SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1",
			"SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY proname",
			"SELECT inhrelid::regclass, inhparent::regclass FROM pg_inherits ORDER BY 1",
			"SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1", """
					SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM filled), (SELECT count(*) FROM parted),
					  (SELECT count(*) FROM slow)""",
			"SELECT datname, datconnlimit FROM pg_database WHERE datname LIKE '@made@%' ORDER BY 1",
			// Not pg_settings: it takes effect with the next start only.
			"SELECT setting FROM pg_file_settings WHERE name = 'bonjour_name'",
			// Nothing left over, anywhere in the database, TOAST tables included.
			"SELECT count(*) FROM pg_index WHERE NOT (indisvalid AND indisready AND indislive)",
			"SELECT count(*) FROM pg_class WHERE relname ~ '_cc(new|old)'",
			// The last row of each migration decides, and only one may say applied.
			"""
					SELECT DISTINCT ON (kind, version, description) kind, version, description, state, statements_done,
					  count(*) FILTER (WHERE state = 'applied') OVER (PARTITION BY kind, version, description)
					FROM tidemark_history ORDER BY kind, version, description, rank DESC""");

	private ChaosFiles() {
	}

	static MigrationFolder write(Path path) {
		MigrationFolder folder = new MigrationFolder(path);
		for (int i = 0; i < FILES.length; i += 2) {
			folder.add(FILES[i], FILES[i + 1].replace("@made@", MADE));
		}
		return folder;
	}

	static List<String> state(ChaosDatabase database) {
		return STATE.stream().flatMap((query) -> database.rows(query.replace("@made@", MADE)).stream()).toList();
	}

}
