package dev.tidemark.run.recovery;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.run.recovery.Verdict.Done;
import dev.tidemark.run.recovery.Verdict.NotDone;
import dev.tidemark.run.recovery.Verdict.Undecided;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What becomes of a {@code CREATE INDEX} that was cut off.
 */
@ExtendWith(PostgresExtension.class)
class CreateIndexRecoveryTests {

	private static final String CREATE = "CREATE INDEX CONCURRENTLY by_name ON users (name)";

	/** Hold up the build at its first, and at its last step. */
	private static final String WRITER = "LOCK TABLE users IN ROW EXCLUSIVE MODE";

	private static final String SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1";

	private final TestDatabase database;

	CreateIndexRecoveryTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void createTable() {
		this.database.execute("""
				CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, age int, tags int[], obsolete int);
				ALTER TABLE users DROP COLUMN obsolete;
				ALTER TABLE users ADD COLUMN tablespace text COLLATE "C";
				INSERT INTO users SELECT i, 'n' || i % 10, i FROM generate_series(1, 100) i;
				CREATE FUNCTION public.f(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1'""");
	}

	private List<String> indexes() {
		return this.database.rows("""
				SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
				WHERE i.indrelid = 'users'::regclass AND NOT i.indisprimary ORDER BY 1""");
	}

	@Test
	void absentIndexIsBuilt() throws SQLException {
		assertThat(Accident.recover(this.database, CREATE))
			.isEqualTo(new NotDone("There is no index \"public\".\"by_name\"."));
		assertThat(indexes()).containsExactly("by_name|t");
	}

	@ParameterizedTest
	@ValueSource(strings = { WRITER, SNAPSHOT })
	void invalidIndexIsDroppedAndBuiltAgain(String blocking) throws SQLException {
		Accident.kill(this.database, blocking, CREATE);
		assertThat(indexes()).containsExactly("by_name|f");

		Verdict verdict = Accident.recover(this.database, CREATE);

		assertThat(verdict)
			.isEqualTo(new NotDone("The index \"public\".\"by_name\" is invalid: its build was not finished.",
					"DROP INDEX CONCURRENTLY \"public\".\"by_name\""));
		assertThat(indexes()).containsExactly("by_name|t");
	}

	@Test
	void canceledBuildIsRecoveredToo() throws SQLException {
		try (Accident accident = Accident.waiting(this.database, SNAPSHOT, CREATE)) {
			accident.cancel();
		}

		Accident.recover(this.database, CREATE);

		assertThat(indexes()).containsExactly("by_name|t");
	}

	@Test
	void invalidIndexIsNotAcceptedByIfNotExists() throws SQLException {
		String sql = "CREATE INDEX CONCURRENTLY IF NOT EXISTS by_name ON users (name)";
		Accident.kill(this.database, SNAPSHOT, sql);

		Accident.recover(this.database, sql);

		assertThat(indexes()).containsExactly("by_name|t");
	}

	@Test
	void uniqueIndexOverDuplicatesLeavesAnInvalidIndex() throws SQLException {
		String sql = "CREATE UNIQUE INDEX CONCURRENTLY by_name ON users (name)";
		assertThatThrownBy(() -> this.database.execute(sql)).hasStackTraceContaining("could not create unique index");
		this.database.execute("DELETE FROM users WHERE id > 5");

		Verdict verdict = Accident.recover(this.database, sql);

		assertThat(verdict).isInstanceOf(NotDone.class);
		assertThat(indexes()).containsExactly("by_name|t");
	}

	@ParameterizedTest
	@ValueSource(strings = { "WITH (fillfactor = 70)", "WHERE age > 5", "INCLUDE (age)" })
	void validIndexIsAccepted(String clause) throws SQLException {
		this.database.execute(CREATE + clause);

		assertThat(Accident.recover(this.database, CREATE + clause))
			.isEqualTo(new Done("The index \"public\".\"by_name\" is valid and as the statement defines it."));
		assertThat(indexes()).containsExactly("by_name|t");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			(name)                          | USING btree (name ASC NULLS LAST)
			(name text_ops)                 | ("name" COLLATE "default" pg_catalog.text_ops)
			(lower(name) DESC)              | (pg_catalog.lower((name)) DESC NULLS FIRST)
			(f(users.name))                 | (public.f(name))
			USING gin (tags)                | USING gin (tags array_ops)
			(age) WHERE age IN (1, 2)       | (age) WHERE age = ANY (ARRAY[1, 2])
			(age) WITH (fillfactor = 70)    | (age) WITH (FILLFACTOR = 70)
			(id) WHERE users IS NOT NULL    | (id) WHERE users.* IS NOT NULL
			""")
	void definitionsAreComparedByTheirMeaning(String first, String second) throws SQLException {
		this.database.execute("CREATE INDEX by_name ON users " + first);
		String sql = "CREATE INDEX CONCURRENTLY by_name ON users " + second;

		assertThat(Accident.examine(this.database, sql)).isInstanceOf(Done.class);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			(name)                          | (age)
			(name)                          | (name DESC)
			(name)                          | (name NULLS FIRST)
			(name)                          | (name text_pattern_ops)
			(name)                          | (name COLLATE "C")
			(name)                          | (lower(name))
			(name)                          | (name) INCLUDE (age)
			(name)                          | (name) WHERE age > 5
			(name) WHERE age > 4            | (name) WHERE age > 5
			(name)                          | (name) WITH (fillfactor = 70)
			(name)                          | USING hash (name)
			(name, age)                     | (age, name)
			(name)                          | (name) TABLESPACE pg_global
			""")
	void otherDefinitionIsForAPersonToDecide(String there, String wanted) throws SQLException {
		this.database.execute("CREATE INDEX by_name ON users " + there);

		assertThat(Accident.recover(this.database, "CREATE INDEX CONCURRENTLY by_name ON users " + wanted))
			.isInstanceOf(Undecided.class);
		assertThat(indexes()).containsExactly("by_name|t");
	}

	@Test
	void otherDefinitionIsShownBesideTheOneInTheStatement() throws SQLException {
		this.database.execute("CREATE INDEX by_name ON users (age)");

		Verdict verdict = Accident.examine(this.database, "CREATE UNIQUE INDEX CONCURRENTLY by_name ON users (NAME)");

		assertThat(verdict).isEqualTo(new Undecided("The index \"public\".\"by_name\" exists and is valid:"
				+ " CREATE INDEX by_name ON public.users USING btree (age)." + " The statement defines another one:"
				+ " CREATE UNIQUE INDEX \"by_name\" ON \"users\" USING btree (name).",
				"DROP INDEX CONCURRENTLY \"public\".\"by_name\";"
						+ " -- to have it as the statement defines it: then run the statement again, by tidemark.resolve.as=retry",
				"ALTER INDEX \"public\".\"by_name\" RENAME TO \"by_name_old\";"
						+ " -- to keep it beside the statement's: then run the statement again, by tidemark.resolve.as=retry",
				"-- to keep it in place of the statement's: go on after the statement, by tidemark.resolve.as=continue"));
	}

	@Test
	void nullsNotDistinctIsADifference() throws SQLException {
		assumeThat(PostgresServer.major()).isGreaterThanOrEqualTo(15);
		this.database.execute("CREATE UNIQUE INDEX by_name ON users (age)");
		String sql = "CREATE UNIQUE INDEX CONCURRENTLY by_name ON users (age) ";

		assertThat(Accident.examine(this.database, sql + "NULLS NOT DISTINCT")).isInstanceOf(Undecided.class);
		assertThat(Accident.examine(this.database, sql + "NULLS DISTINCT")).isInstanceOf(Done.class);
	}

	@Test
	void tablespaceIsComparedIfTheStatementNamesOne() throws SQLException {
		this.database.execute("CREATE INDEX by_name ON users (name)");

		assertThat(Accident.examine(this.database, CREATE + " TABLESPACE pg_default")).isInstanceOf(Done.class);
	}

	@Test
	void invalidIndexOfAnotherDefinitionIsNotTouched() throws SQLException {
		Accident.kill(this.database, SNAPSHOT, "CREATE INDEX CONCURRENTLY by_name ON users (age)");

		assertThat(Accident.recover(this.database, CREATE)).isInstanceOf(Undecided.class);
		assertThat(indexes()).containsExactly("by_name|f");
	}

	@Test
	void indexUnderConstructionIsNotTouched() throws SQLException {
		try (Accident accident = Accident.waiting(this.database, SNAPSHOT, CREATE)) {
			Verdict verdict = Accident.recover(this.database, CREATE);

			assertThat(verdict).isInstanceOf(Undecided.class);
			assertThat(verdict.seen()).contains("pid " + accident.pid());
			assertThat(((Undecided) verdict).options()).last()
				.asString()
				.startsWith("SELECT pg_catalog.pg_terminate_backend(" + accident.pid() + ");");
		}
		assertThat(indexes()).containsExactly("by_name|t");
	}

	@Test
	void otherIndexUnderConstructionIsNoObstacle() throws SQLException {
		Accident.kill(this.database, SNAPSHOT, CREATE);
		try (Accident accident = Accident.waiting(this.database, SNAPSHOT,
				"CREATE INDEX CONCURRENTLY by_age ON users (age)")) {
			assertThat(Accident.examine(this.database, CREATE)).isInstanceOf(NotDone.class);
			accident.cancel();
		}
	}

	@Test
	void constructionByAnotherRoleIsSeenWithoutRights() throws SQLException {
		this.database.execute("CREATE ROLE " + role() + " LOGIN PASSWORD 'x'; GRANT USAGE, CREATE ON SCHEMA public TO "
				+ role() + "; GRANT SELECT ON users TO " + role());
		try (Accident accident = Accident.waiting(this.database, SNAPSHOT, CREATE); Connection weak = connectAsRole()) {
			assertThat(Accident.examine(weak, CREATE).seen()).contains("pid " + accident.pid());
		}
		finally {
			dropRole();
		}
	}

	@Test
	void roleWithoutTemporaryTablesCanCompareToo() throws SQLException {
		this.database.execute("CREATE ROLE " + role() + " LOGIN PASSWORD 'x'; GRANT USAGE, CREATE ON SCHEMA public TO "
				+ role() + "; ALTER TABLE users OWNER TO " + role() + "; REVOKE TEMPORARY ON DATABASE "
				+ this.database.name() + " FROM PUBLIC");
		this.database.execute(CREATE);
		this.database.execute("CREATE INDEX ON users (age)");
		try (Connection weak = connectAsRole()) {
			assertThat(Accident.examine(weak, CREATE)).isInstanceOf(Done.class);
			assertThat(Accident.examine(weak, "CREATE INDEX CONCURRENTLY ON users (age)")).isInstanceOf(Done.class);
		}
		finally {
			this.database.execute("ALTER TABLE users OWNER TO CURRENT_USER");
			dropRole();
		}
	}

	private String role() {
		return "r" + this.database.name();
	}

	private Connection connectAsRole() throws SQLException {
		return DriverManager.getConnection(this.database.jdbcUrl(), role(), "x");
	}

	private void dropRole() {
		this.database.execute("DROP OWNED BY " + role() + "; DROP ROLE " + role());
	}

	@Test
	void unnamedIndexIsFoundByItsDefinition() throws SQLException {
		String sql = "CREATE INDEX CONCURRENTLY ON users (name, age)";
		this.database.execute(sql);

		assertThat(Accident.recover(this.database, sql)).isEqualTo(
				new Done("The index \"public\".\"users_name_age_idx\" is valid and as the statement defines it."));
		assertThat(indexes()).hasSize(1);
	}

	@Test
	void invalidLeftoverWithoutNameIsDropped() throws SQLException {
		String sql = "CREATE INDEX CONCURRENTLY ON users (lower(name))";
		this.database.execute("CREATE INDEX users_lower_idx ON users (age)");
		Accident.kill(this.database, WRITER, sql);
		assertThat(indexes()).containsExactly("users_lower_idx|t", "users_lower_idx1|f");

		Verdict verdict = Accident.recover(this.database, sql);

		assertThat(verdict).extracting("cleanup")
			.isEqualTo(List.of("DROP INDEX CONCURRENTLY \"public\".\"users_lower_idx1\""));
		assertThat(indexes()).containsExactly("users_lower_idx|t", "users_lower_idx1|t");
	}

	@Test
	void invalidIndexOfAnotherNameIsNotTheOneWithoutName() throws SQLException {
		Accident.kill(this.database, WRITER, CREATE);

		assertThat(Accident.recover(this.database, "CREATE INDEX CONCURRENTLY ON users (name)"))
			.isEqualTo(new NotDone("The table \"public\".\"users\" has no index of this definition."));
		assertThat(indexes()).containsExactly("by_name|f", "users_name_idx|t");
	}

	@Test
	void unnamedIndexUnderConstructionIsNotTouched() throws SQLException {
		String sql = "CREATE INDEX CONCURRENTLY ON users (name)";
		try (Accident accident = Accident.waiting(this.database, WRITER, sql)) {
			assertThat(Accident.examine(this.database, sql).seen()).contains("pid " + accident.pid());
		}
	}

	@Test
	void indexOfAConstraintIsNotTheOneWithoutName() throws SQLException {
		assertThat(Accident.recover(this.database, "CREATE UNIQUE INDEX CONCURRENTLY ON users (id)"))
			.isInstanceOf(NotDone.class);
		assertThat(indexes()).containsExactly("users_id_idx|t");
	}

	@Test
	void longNameIsFoundAsTheServerCutIt() throws SQLException {
		String sql = "CREATE INDEX CONCURRENTLY " + "Long_Name_".repeat(8) + " ON users (name)";
		Accident.kill(this.database, SNAPSHOT, sql);

		Accident.recover(this.database, sql);

		assertThat(indexes()).containsExactly("long_name_".repeat(7).substring(0, 63) + "|t");
	}

	@Test
	void oddNamesAreQuoted() throws SQLException {
		this.database.execute("CREATE SCHEMA \"S.x\"; CREATE TABLE \"S.x\".\"T USING\" (\"A\" int)");
		String sql = "CREATE INDEX CONCURRENTLY \"i \"\" ON\" ON \"S.x\".\"T USING\" (\"A\")";
		Accident.kill(this.database, "LOCK TABLE \"S.x\".\"T USING\" IN ROW EXCLUSIVE MODE", sql);

		assertThat(Accident.recover(this.database, sql)).extracting("cleanup")
			.isEqualTo(List.of("DROP INDEX CONCURRENTLY \"S.x\".\"i \"\" ON\""));
		assertThat(Accident.recover(this.database, sql)).isInstanceOf(Done.class);
	}

	@Test
	void searchPathFindsTheTable() throws SQLException {
		this.database
			.execute("CREATE SCHEMA s; CREATE TABLE s.users (name text); CREATE INDEX by_name ON s.users (name)");
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute("SET search_path = s, public");

			assertThat(Accident.examine(connection, CREATE).seen()).contains("\"s\".\"by_name\"");
			assertThat(Accident.examine(this.database, CREATE)).isInstanceOf(NotDone.class);
		}
	}

	@Test
	void sessionIsLeftAsItWas() throws SQLException {
		this.database.execute(CREATE);
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute("SET search_path = public, pg_catalog");
			Accident.examine(connection, CREATE);

			assertThat(connection.getAutoCommit()).isTrue();
			statement.execute("CREATE TABLE kept ()");
		}
		assertThat(this.database.rows("SELECT relname FROM pg_class WHERE relname IN ('users', 'kept') ORDER BY 1"))
			.containsExactly("kept", "users");
	}

	@Test
	void searchPathCannotSlipInAnOperator() throws SQLException {
		this.database.execute(CREATE);
		this.database.execute("""
				CREATE SCHEMA evil;
				CREATE FUNCTION evil.eq(name, text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
				CREATE FUNCTION evil.eq(oid, oid) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
				CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = text, FUNCTION = evil.eq);
				CREATE OPERATOR evil.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = evil.eq);
				""");
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute("SET search_path = evil, public, pg_catalog");

			assertThat(Accident.examine(connection, CREATE)).isInstanceOf(Done.class);
		}
	}

	@Test
	void nameOfAnotherTablesIndexIsForAPersonToDecide() throws SQLException {
		this.database.execute("CREATE TABLE others (name text); CREATE INDEX by_name ON others (name)");

		assertThat(Accident.recover(this.database, CREATE).seen())
			.contains("on another table than \"public\".\"users\"");
	}

	@Test
	void nameOfATableIsForAPersonToDecide() throws SQLException {
		this.database.execute("CREATE TABLE by_name ()");

		assertThat(Accident.recover(this.database, CREATE)).isInstanceOf(Undecided.class)
			.extracting(Verdict::seen)
			.asString()
			.startsWith("\"public\".\"by_name\" exists and is no index.");
	}

	@Test
	void whatCannotBeComparedIsForAPersonToDecide() throws SQLException {
		this.database.execute(CREATE);
		Verdict verdict = Accident.examine(this.database, "CREATE INDEX CONCURRENTLY by_name ON users (gone)");

		assertThat(verdict).isInstanceOf(Undecided.class);
		assertThat(verdict.seen()).contains("could not be found out").contains("\"gone\" does not exist");
	}

	@Test
	void partitionedTableTakesNoConcurrentIndex() throws SQLException {
		this.database.execute("CREATE TABLE parts (id int) PARTITION BY RANGE (id)");

		assertThat(Accident.examine(this.database, "CREATE INDEX CONCURRENTLY ON parts (id)"))
			.isInstanceOf(NotDone.class)
			.extracting(Verdict::seen)
			.asString()
			.contains("partitioned");
	}

	@Test
	void indexOnAPartitionedTableAloneIsInvalidOnPurpose() throws SQLException {
		this.database.execute("""
				CREATE TABLE parent (id int) PARTITION BY RANGE (id);
				CREATE TABLE child PARTITION OF parent FOR VALUES FROM (0) TO (10)""");
		String sql = "CREATE INDEX by_parent ON ONLY parent (id)";

		assertThat(Accident.recover(this.database, sql)).isInstanceOf(NotDone.class);
		assertThat(Accident.recover(this.database, sql))
			.isEqualTo(new Done("The index \"public\".\"by_parent\" is invalid and as the statement defines it."));
	}

	@Test
	void lockedTableIsWaitedForAsLongAsTheSessionAllows() throws SQLException {
		this.database.execute(CREATE);
		try (Connection blocker = this.database.connect();
				Connection connection = this.database.connect();
				Statement blocking = blocker.createStatement();
				Statement statement = connection.createStatement()) {
			blocking.execute("BEGIN; LOCK TABLE users");
			statement.execute("SET lock_timeout = '10ms'");

			assertThatThrownBy(() -> Accident.examine(connection, CREATE)).isInstanceOf(SQLException.class)
				.extracting("SQLState")
				.isEqualTo("55P03");
			assertThat(statement.execute("SELECT 1")).isTrue();
		}
	}

	@Test
	void eventTriggerMayForbidTheComparison() throws SQLException {
		this.database.execute(CREATE);
		this.database.execute("""
				CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
				CREATE EVENT TRIGGER refusal ON ddl_command_start EXECUTE FUNCTION refuse()""");

		assertThat(Accident.examine(this.database, CREATE)).isInstanceOf(Undecided.class)
			.extracting(Verdict::seen)
			.asString()
			.contains("refused");
	}

	@Test
	void missingTableIsLeftToTheServer() throws SQLException {
		assertThat(Accident.examine(this.database, "CREATE INDEX CONCURRENTLY i ON gone (id)"))
			.isEqualTo(new NotDone("There is no table \"gone\"."));
	}

	@Test
	void indexOfAMaterializedViewIsRecovered() throws SQLException {
		this.database.execute("CREATE MATERIALIZED VIEW totals AS SELECT name, count(*) FROM users GROUP BY name");
		String sql = "CREATE UNIQUE INDEX CONCURRENTLY by_total ON totals (name)";
		Accident.kill(this.database, SNAPSHOT, sql);

		assertThat(Accident.recover(this.database, sql)).isInstanceOf(NotDone.class);
		assertThat(Accident.recover(this.database, sql)).isInstanceOf(Done.class);
	}

}
