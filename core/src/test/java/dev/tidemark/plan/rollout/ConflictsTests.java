package dev.tidemark.plan.rollout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.history.Basis;
import dev.tidemark.history.rollout.BackfillRecord;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.history.rollout.Rollout;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.step.Step;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.format.Naming;
import dev.tidemark.statement.TableConstraint;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What may run before something that waits, and what may not.
 */
class ConflictsTests {

	private static final String BACKFILL = """
			-- tidemark: batch table=users by=id
			UPDATE users u SET email_address = lower(u.email), domain = split(u.email)
			FROM people p WHERE p.id = u.person AND {batch:u}""";

	private static final String COPY = """
			-- tidemark: batch table=orders
			INSERT INTO order_lines (order_id, total) SELECT id, sum FROM orders WHERE {batch}""";

	private static final String ARCHIVE = """
			-- tidemark: batch table=sessions by=id
			WITH old AS (DELETE FROM sessions WHERE {batch} AND at < '2020-01-01' RETURNING *)
			INSERT INTO archive SELECT * FROM old""";

	private final Path folder;

	private Rollout rollout = Rollout.NONE;

	private @Nullable TableConstraint declared;

	ConflictsTests(@TempDir Path folder) {
		this.folder = folder;
	}

	private ConflictsTests file(String name, String sql) throws IOException {
		Files.writeString(this.folder.resolve(name), sql);
		return this;
	}

	private ConflictsTests begun(String version) {
		this.rollout = new Rollout(List
			.of(new BackfillRecord(MigrationVersion.of(version), "x.sql", "sha256:x", BackfillState.RUNNING, false)),
				true);
		return this;
	}

	/** Backfills and contracts wait, and all others run. */
	private List<Problem> problems() {
		WaitingPhases waiting = new WaitingPhases(this.rollout);
		List<Step> steps = new ArrayList<>();
		for (Migration migration : new MigrationSource(new SourceSettings(
				List.of(Location.of("filesystem:" + this.folder)), true, StandardCharsets.UTF_8, Naming.DEFAULT))
			.read()
			.migrations()) {
			Script script = migration.load();
			if (migration.phase() == Phase.EXPAND) {
				steps.add(Step.of(migration, script, new Basis(List.of(), null)));
			}
			else {
				waiting.add(migration, script.statements(), script.backfill());
			}
		}
		return Conflicts.find(steps, waiting.files(), (table, name) -> this.declared, TableLook.NONE);
	}

	private List<String> found() {
		return problems().stream().map(Problem::what).toList();
	}

	private void assertConflict(String what) {
		List<Problem> problems = problems();
		assertThat(problems).extracting(Problem::code).containsExactly(ErrorCode.PHASE_CONFLICT);
		assertThat(problems.get(0).what()).startsWith(what);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					ALTER TABLE users DROP COLUMN email                          | It drops, renames or moves the column email of users, which the backfill of version 7
					ALTER TABLE public.users DROP COLUMN email                   | It drops, renames or moves the column email of public.users,
					ALTER TABLE Users DROP COLUMN "email"                        | It drops, renames or moves the column email of users,
					ALTER TABLE users RENAME email TO mail                       | It drops, renames or moves the column email of users,
					ALTER TABLE users DROP COLUMN email_address                  | It drops, renames or moves the column email_address of users,
					ALTER TABLE users DROP COLUMN id                             | It drops, renames or moves the column id of users,
					ALTER TABLE people DROP COLUMN id                            | It drops, renames or moves the column id of people,
					DROP TABLE people                                            | It drops, renames or moves the name people,
					ALTER TABLE users RENAME TO accounts                         | It drops, renames or moves the name users,
					ALTER TABLE users SET SCHEMA old                             | It drops, renames or moves the name users,
					DROP FUNCTION split(text)                                    | It drops, renames or moves the function split,
					ALTER TABLE users ALTER COLUMN email TYPE citext             | It gives the column email of "users" another type
					ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid() | It rewrites "users"
					ALTER TABLE users SET UNLOGGED                               | It rewrites "users"
					CLUSTER users USING users_pkey                               | It rewrites "users"
					VACUUM FULL users                                            | It rewrites "users"
					TRUNCATE users                                               | It takes the rows of "users" away
					TRUNCATE people                                              | It takes the rows of "people" away
					ALTER TABLE users DETACH PARTITION users_1                   | It takes the partition "users_1" away from "users"
					ALTER TABLE users DROP CONSTRAINT users_pkey                 | It drops the primary key of "users"
					ALTER TABLE users ALTER COLUMN email_address SET NOT NULL    | It sets NOT NULL on the column email_address of users, which the backfill of version 7 has yet to fill
					ALTER TABLE users ADD CONSTRAINT c CHECK (domain <> '')      | It adds a constraint over the column domain of users,
					ALTER TABLE users ADD UNIQUE (email_address)                 | It adds a constraint over the column email_address of users,
					ALTER TABLE users ADD FOREIGN KEY (domain) REFERENCES domains | It adds a constraint over the column domain of users,
					CREATE UNIQUE INDEX CONCURRENTLY i ON users (email_address)  | It makes a unique index over the column email_address of users,
					CREATE UNIQUE INDEX i ON users (lower(email_address))        | It makes a unique index over the column email_address of users,
					DO $$ BEGIN ALTER TABLE users DROP COLUMN email; END $$      | It drops, renames or moves the column email of users,""")
	void whatABackfillNeedsIsNotTakenAway(String sql, String what) throws IOException {
		file("V7__b.backfill.sql", BACKFILL).file("V8__x.sql", sql).assertConflict(what);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER TABLE users ADD COLUMN phone text", "ALTER TABLE users ADD COLUMN n int DEFAULT 0",
			"ALTER TABLE users ADD COLUMN at timestamptz DEFAULT now()", "ALTER TABLE users DROP COLUMN phone",
			"ALTER TABLE users RENAME phone TO telephone", "ALTER TABLE people DROP COLUMN email",
			"ALTER TABLE orders DROP COLUMN email", "ALTER TABLE other.people DROP COLUMN name",
			"ALTER TABLE people ALTER COLUMN name TYPE varchar(200)", "DROP TABLE orders", "DROP FUNCTION other(text)",
			"TRUNCATE orders", "VACUUM FULL orders", "CLUSTER orders USING i",
			"CREATE INDEX i ON users (email_address)", "CREATE UNIQUE INDEX i ON users (phone)",
			"CREATE UNIQUE INDEX i ON orders (email_address)", "ALTER TABLE users ALTER COLUMN phone SET NOT NULL",
			"ALTER TABLE orders ALTER COLUMN email_address SET NOT NULL",
			"ALTER TABLE users ALTER COLUMN email SET NOT NULL", "ALTER TABLE users ALTER COLUMN email DROP NOT NULL",
			"ALTER TABLE users ALTER COLUMN email_address SET DEFAULT ''",
			"ALTER TABLE users ADD CONSTRAINT c CHECK (email_address IS NOT NULL) NOT VALID",
			"ALTER TABLE users ADD CONSTRAINT c CHECK (phone <> 'email_address')",
			"ALTER TABLE users DROP CONSTRAINT users_phone_check", "ALTER TABLE users VALIDATE CONSTRAINT other",
			"CREATE VIEW v AS SELECT email FROM users", "UPDATE users SET phone = ''", "SELECT 'DROP TABLE users'",
			"CREATE TABLE email (id int)", "CREATE TRIGGER t BEFORE INSERT ON users EXECUTE FUNCTION f()",
			"CREATE TABLE users_2 (email text); DROP TABLE users_2" })
	void whatIsBesideABackfillMayRun(String sql) throws IOException {
		file("V7__b.backfill.sql", BACKFILL).file("V8__x.sql", sql);

		assertThat(found()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER TABLE users DROP COLUMN email", "VACUUM FULL users",
			"ALTER TABLE users ALTER COLUMN email_address SET NOT NULL", "DROP TABLE people" })
	void whatIsBelowRunsInItsTurn(String sql) throws IOException {
		file("V7__b.backfill.sql", BACKFILL).file("V6__x.sql", sql);

		assertThat(found()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					ALTER TABLE users RENAME name TO full_name | ALTER TABLE users ADD COLUMN full_name text | It uses the column full_name of users, which the contract
					ALTER TABLE users RENAME TO people         | CREATE TABLE people (id int)             | It uses the name people, which the contract
					DROP SCHEMA s CASCADE                      | ALTER SCHEMA s RENAME TO t               | It drops, renames or moves the schema s,
					DROP SCHEMA s CASCADE                      | DROP SCHEMA s                            | It drops, renames or moves the schema s,
					DROP TRIGGER t ON users                    | ALTER TRIGGER t ON users RENAME TO u     | It drops, renames or moves the trigger t of users,""")
	void whatAContractIsAboutIsNotTakenFromIt(String contract, String sql, String what) throws IOException {
		file("V7__c.contract.sql", contract).file("V8__x.sql", sql).assertConflict(what);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ALTER TABLE users RENAME name TO full_name           | ALTER TABLE orders ADD COLUMN full_name text
			ALTER TABLE users RENAME name TO full_name           | ALTER TABLE users ADD COLUMN nick text
			CREATE TABLE IF NOT EXISTS people (id int)           | CREATE TABLE IF NOT EXISTS people (id int)
			ALTER TABLE users ADD COLUMN IF NOT EXISTS n int     | ALTER TABLE users ADD COLUMN IF NOT EXISTS n int
			DROP SCHEMA s CASCADE                                | CREATE TABLE s.t (id int)
			DROP TRIGGER t ON users                              | DROP TRIGGER t ON orders""")
	void whatBothMayDoIsNotRefused(String contract, String sql) throws IOException {
		assertThat(file("V7__c.contract.sql", contract).file("V8__x.sql", sql).found()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ALTER TABLE users DROP COLUMN email | It drops, renames or moves the column email of users,
			VACUUM FULL users                   | It rewrites "users"
			DROP TABLE people                   | It drops, renames or moves the name people,""")
	void unlessTheBackfillHasBegunBefore(String sql, String what) throws IOException {
		file("V7__b.backfill.sql", BACKFILL).file("V6__x.sql", sql).begun("7").assertConflict(what);

		assertThat(found().get(0)).endsWith("V7__b.backfill.sql, which has begun and is not finished).");
	}

	@Test
	void aDemandBelowABackfillThatHasBegunIsTheDemandOfItsAuthor() throws IOException {
		file("V7__b.backfill.sql", BACKFILL).file("V6__x.sql", "CREATE UNIQUE INDEX i ON users (email_address)")
			.begun("7");

		assertThat(found()).isEmpty();
	}

	@Test
	void whatABackfillReadsOfAnotherTableIsNotTakenAway() throws IOException {
		file("V7__b.backfill.sql", COPY).file("V8__x.sql", "TRUNCATE orders")
			.assertConflict("It takes the rows of \"orders\" away, which the backfill of version 7");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER TABLE order_lines ALTER COLUMN total SET NOT NULL",
			"CREATE UNIQUE INDEX i ON order_lines (order_id)", "ALTER TABLE orders DROP COLUMN total",
			"ALTER TABLE orders ALTER COLUMN sum SET NOT NULL" })
	void rowsThatABackfillAddsMeetWhatIsDemandedOfThemWhenTheyCome(String sql) throws IOException {
		file("V7__b.backfill.sql", COPY).file("V8__x.sql", sql);

		assertThat(found()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "UPDATE users SET name = email_address", "DELETE FROM users WHERE email_address IS NULL",
			"UPDATE users SET email_address = lower(email_address)",
			"INSERT INTO mails SELECT u.id, u.email_address FROM users u", "INSERT INTO mails SELECT * FROM users",
			"INSERT INTO mails (email_address) SELECT email_address FROM users",
			"UPDATE orders o SET mail = u.email_address FROM users u WHERE u.id = o.user_id",
			"CREATE TABLE mails AS SELECT email_address FROM users", "SELECT email_address INTO mails FROM users",
			"CREATE MATERIALIZED VIEW mails AS SELECT email_address FROM users" })
	void whatABackfillHasYetToFillIsNotCopiedBeforeThat(String sql) throws IOException {
		file("V7__b.backfill.sql", BACKFILL).file("V8__x.sql", sql)
			.assertConflict("It keeps what it reads of the column email_address of users, which the backfill of"
					+ " version 7 has yet to fill");
	}

	@ParameterizedTest
	@ValueSource(strings = { "UPDATE users SET name = '', email_address = '' WHERE id = 5",
			"INSERT INTO users (id, email_address) VALUES (9, 'i')",
			"INSERT INTO users (id, email_address) SELECT id, address FROM guests",
			"INSERT INTO mails SELECT id, phone FROM users", "SELECT email_address FROM users",
			"UPDATE orders o SET mail = g.email_address FROM guests g, users u WHERE u.id = o.user_id",
			"CREATE VIEW mails AS SELECT email_address FROM users",
			"CREATE MATERIALIZED VIEW mails AS SELECT email_address FROM users WITH NO DATA" })
	void itMayBeWrittenAndNamedBeforeThat(String sql) throws IOException {
		file("V7__b.backfill.sql", BACKFILL).file("V8__x.sql", sql);

		assertThat(found()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "UPDATE order_lines SET total = 0", "DELETE FROM order_lines WHERE total = 0",
			"CREATE TABLE sums AS SELECT sum(total) FROM order_lines",
			"INSERT INTO sums SELECT total FROM order_lines" })
	void theRowsOfATableToWhichABackfillAddsSomeAreNotWorkedOnBeforeThat(String sql) throws IOException {
		file("V7__b.backfill.sql", COPY).file("V8__x.sql", sql)
			.assertConflict(
					"It works on the rows of \"order_lines\", to which the backfill of version 7 has yet to add");
	}

	@ParameterizedTest
	@ValueSource(strings = { "INSERT INTO order_lines (order_id) VALUES (1)",
			"INSERT INTO order_lines (order_id) SELECT 1 WHERE NOT EXISTS (SELECT FROM order_lines WHERE order_id = 1)",
			"CREATE VIEW sums AS SELECT sum(total) FROM order_lines" })
	void moreMayBeAddedToIt(String sql) throws IOException {
		file("V7__b.backfill.sql", COPY).file("V8__x.sql", sql);

		assertThat(found()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					ALTER TABLE archive DROP COLUMN at | It drops, renames or moves the column at of archive,
					ALTER TABLE sessions ADD COLUMN x int | It adds the column x of sessions, of which the backfill of version 7""")
	void rowsThatAreCopiedAsAWholeFitWhereTheyGo(String sql, String what) throws IOException {
		file("V7__b.backfill.sql", ARCHIVE).file("V8__x.sql", sql).assertConflict(what);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER TABLE archive ADD COLUMN x int", "ALTER TABLE others ADD COLUMN x int",
			"ALTER TABLE sessions ADD COLUMN x int; ALTER TABLE archive ADD COLUMN x int" })
	void aColumnThatBothGetFits(String sql) throws IOException {
		file("V7__b.backfill.sql", ARCHIVE).file("V8__x.sql", sql);

		assertThat(found()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ALTER TYPE mood RENAME TO moods | the name mood
			DROP TYPE level CASCADE         | the name level
			DROP SEQUENCE numbers           | the name numbers""")
	void typesAndSequencesThatABackfillUsesAreNotTakenAway(String sql, String what) throws IOException {
		file("V7__b.backfill.sql", """
				-- tidemark: batch table=users by=id
				UPDATE users SET mood = 'ok'::mood, level = CAST('1' AS level), n = nextval('public.numbers')
				WHERE {batch}""").file("V8__x.sql", sql).assertConflict("It drops, renames or moves " + what + ",");
	}

	@Test
	void aBackfillThatReadsAllColumnsNeedsEachOfThem() throws IOException {
		file("V7__b.backfill.sql", "-- tidemark: batch table=a\nINSERT INTO b SELECT * FROM a WHERE {batch}")
			.file("V8__x.sql", "ALTER TABLE a DROP COLUMN x")
			.assertConflict("It drops, renames or moves the column x of a,");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT count(*) FROM a WHERE a.y > 0", "SELECT y * 2 FROM a" })
	void countingAndMultiplyingReadNoOtherColumn(String query) throws IOException {
		file("V7__b.backfill.sql",
				"-- tidemark: batch table=c\nINSERT INTO b SELECT (" + query + ") FROM c WHERE {batch}")
			.file("V8__x.sql", "ALTER TABLE a DROP COLUMN x");

		assertThat(found()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			filled | 1
			other  | 0""")
	void aConstraintIsValidatedWhenItsColumnIsFilled(String name, int problems) throws IOException {
		file("V7__b.backfill.sql", BACKFILL).file("V8__x.sql", "ALTER TABLE users VALIDATE CONSTRAINT " + name);
		this.declared = new TableConstraint(name, TableConstraint.Kind.NOT_NULL,
				List.of(name.equals("filled") ? "email_address" : "phone"), null, null, List.of(), null, false, true,
				false, false);

		assertThat(found()).hasSize(problems);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					DROP TABLE old_users                           | CREATE TABLE old_users (id int)               | It uses the name old_users again, which only the contract of version 7 frees
					DROP TABLE old_users                           | CREATE TABLE IF NOT EXISTS old_users (id int) | It uses the name old_users again,
					DROP TABLE old_users                           | CREATE VIEW old_users AS SELECT 1 AS x        | It uses the name old_users again,
					DROP TABLE old_users                           | CREATE TYPE old_users AS ENUM ('a')           | It uses the name old_users again,
					DROP TABLE old_users                           | ALTER TABLE others RENAME TO old_users        | It uses the name old_users again,
					DROP VIEW v                                    | CREATE OR REPLACE VIEW v AS SELECT 1 AS x     | It uses the name v again,
					DROP SEQUENCE s                                | CREATE SEQUENCE s                             | It uses the name s again,
					DROP INDEX i                                   | CREATE INDEX i ON users (email)               | It uses the name i again,
					DROP TYPE t                                    | CREATE DOMAIN t AS text                       | It uses the name t again,
					DROP SCHEMA old                                | CREATE SCHEMA old                             | It uses the schema old again,
					DROP FUNCTION f(int)                           | CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 1' | It uses the function f again,
					ALTER TABLE users DROP COLUMN email            | ALTER TABLE users ADD COLUMN email text       | It uses the column email of users again,
					ALTER TABLE users RENAME email TO email_old    | ALTER TABLE users ADD COLUMN email text       | It uses the column email of users again,
					ALTER TABLE users DROP CONSTRAINT c            | ALTER TABLE users ADD CONSTRAINT c CHECK (true) | It uses the constraint c of users again,
					DROP TRIGGER t ON users                        | CREATE TRIGGER t AFTER INSERT ON users EXECUTE FUNCTION f() | It uses the trigger t of users again,
					ALTER TABLE users RENAME TO people             | CREATE TABLE users (id int)                   | It uses the name users again,
					ALTER TABLE users RENAME email TO mail         | CREATE INDEX i ON users (mail)                | It needs the column mail of users, which only the contract of version 7 makes
					ALTER TABLE users RENAME email TO mail         | CREATE VIEW v AS SELECT u.mail AS email FROM users u | It needs the column mail of users,
					ALTER TABLE users ADD COLUMN done bool         | UPDATE users SET done = true                  | It needs the column done of users,
					ALTER TABLE users RENAME TO people             | ALTER TABLE people ADD COLUMN x int           | It needs the name people,
					CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1' | CREATE VIEW v AS SELECT f() AS x  | It needs the function f,
					ALTER TABLE users DROP COLUMN email            | ALTER TABLE users RENAME TO people            | It drops, renames or moves the name users, which the contract of version 7
					ALTER TABLE users DROP COLUMN email            | DROP TABLE users                              | It drops, renames or moves the name users,
					DROP TABLE users; ALTER TABLE new RENAME TO users | CREATE INDEX i ON users (email)            | It is about the name users, which stands for something else when the contract""")
	void whatAContractFreesOrMakesIsNotThereYet(String contract, String sql, String what) throws IOException {
		file("V7__c.contract.sql", contract).file("V8__x.sql", sql).assertConflict(what);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					DROP TABLE old_users                    | CREATE TABLE new_users (id int)
					DROP TABLE old_users                    | CREATE TABLE b (old_users int)
					DROP TABLE one.old_users                | CREATE TABLE two.old_users (id int)
					DROP TABLE old_users                    | CREATE TEMP TABLE old_users (id int)
					DROP TABLE old_users                    | CREATE FUNCTION old_users() RETURNS int LANGUAGE sql AS 'SELECT 1'
					DROP TABLE "Old"                        | CREATE TABLE old (id int)
					DROP FUNCTION f(int, int)               | CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 1'
					ALTER TABLE users DROP COLUMN email     | ALTER TABLE orders ADD COLUMN email text
					ALTER TABLE users DROP COLUMN email     | ALTER TABLE users ADD COLUMN email_2 text
					ALTER TABLE users DROP COLUMN email     | CREATE VIEW v AS SELECT email_address AS email FROM users
					ALTER TABLE users DROP COLUMN email     | CREATE INDEX i ON users (email_address)
					ALTER TABLE users DROP CONSTRAINT c     | ALTER TABLE orders ADD CONSTRAINT c CHECK (true)
					ALTER TABLE users RENAME email TO mail  | CREATE INDEX i ON orders (mail)
					ALTER TABLE users RENAME email TO mail  | CREATE VIEW v AS SELECT u.phone, o.mail FROM users u JOIN orders o ON o.id = u.id
					ALTER TABLE users RENAME email TO mail  | SELECT 'mail' FROM users
					ALTER TABLE users RENAME TO people      | CREATE TABLE b (people int)
					DROP VIEW v; CREATE VIEW v AS SELECT 1 AS x | CREATE TABLE w (v int)
					DROP TABLE a; CREATE TABLE a (x int)    | CREATE TABLE b (id int)
					SELECT 1                                | DROP TABLE users""")
	void whatIsBesideAContractMayRun(String contract, String sql) throws IOException {
		file("V7__c.contract.sql", contract).file("V8__x.sql", sql);

		assertThat(found()).isEmpty();
	}

	@Test
	void whatIsBelowAContractMeetsTheOldShape() throws IOException {
		file("V7__c.contract.sql", "ALTER TABLE users DROP COLUMN email").file("V6__x.sql",
				"ALTER TABLE users RENAME TO people");

		assertThat(found()).isEmpty();
	}

	@Test
	void aRepeatableRunsBehindAllVersionsAndSoTooEarly() throws IOException {
		file("V7__c.contract.sql", "DROP TABLE old_users").file("R__old_users.sql",
				"CREATE OR REPLACE VIEW old_users AS SELECT 1 AS x");

		assertThat(problems()).singleElement()
			.satisfies((problem) -> assertThat(problem.remedy()).endsWith("let the repeatable do without it."));
	}

	@Test
	void whatAFileHasMadeItselfIsNoneThatItNeeds() throws IOException {
		file("V7__c.contract.sql", "CREATE TABLE people (id int)").file("V8__x.sql",
				"CREATE TEMP TABLE t (id int); CREATE SCHEMA s; CREATE TABLE s.people (id int); INSERT INTO s.people VALUES (1)");

		assertThat(found()).isEmpty();
	}

	@Test
	void allThatIsWrongIsToldAtOnceWithItsPlace() throws IOException {
		file("V7__b.backfill.sql", BACKFILL).file("V9__c.contract.sql", "ALTER TABLE users DROP COLUMN email")
			.file("V10__x.sql", "ALTER TABLE users ADD COLUMN a int;\nALTER TABLE users DROP COLUMN email_address;\n"
					+ "ALTER TABLE users ADD COLUMN email text");

		assertThat(problems()).extracting((problem) -> problem.place().line()).containsExactly(2, 3);
		assertThat(problems()).extracting((problem) -> problem.place().script())
			.allMatch((script) -> script.endsWith("V10__x.sql"));
		assertThat(problems().get(0).remedy()).startsWith("Let the backfill come to its end first");
		assertThat(problems().get(1).remedy()).startsWith("Deploy this file when the contract has run");
	}

	@Test
	void twoBackfillsOfOneTableRunOneAfterTheOther() throws IOException {
		file("V7__b.backfill.sql", BACKFILL).file("V8__b.backfill.sql", BACKFILL);

		assertThat(found()).isEmpty();
	}

}
