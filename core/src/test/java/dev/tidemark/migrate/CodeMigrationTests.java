package dev.tidemark.migrate;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.StatementCallback;
import org.springframework.jdbc.support.GeneratedKeyHolder;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Migrations that are written in Java.
 */
@ExtendWith(PostgresExtension.class)
class CodeMigrationTests {

	private final TestDatabase database;

	private final List<CodeMigration> code = new ArrayList<>();

	private MigrationFolder folder;

	CodeMigrationTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (id serial, x int)");
	}

	private Tidemark.Builder tidemark() {
		Tidemark.Builder builder = this.folder.tidemark(this.database);
		this.code.forEach(builder::migration);
		return builder;
	}

	private RunResult migrate() {
		return tidemark().build().migrate();
	}

	private TidemarkException failure() {
		return catchThrowableOfType(TidemarkException.class, this::migrate);
	}

	private Problem problem() {
		TidemarkException failure = failure();
		assertThat(failure.problems()).hasSize(1);
		return failure.problems().get(0);
	}

	private CodeMigrationTests with(String identity, Work work) {
		return with(identity, null, work);
	}

	private CodeMigrationTests with(String identity, @Nullable String checksum, Work work) {
		this.code.add(new Code(Identity.of(identity), checksum, List.of(), work));
		return this;
	}

	private CodeMigrationTests dependingOn(String dependency, String identity, Work work) {
		this.code.add(new Code(Identity.of(identity), null, List.of(dependency), work));
		return this;
	}

	private List<String> history() {
		return this.database
			.rows("SELECT rank, kind, version, state, statements_done, statements_total FROM tidemark_history"
					+ " ORDER BY rank");
	}

	private List<String> values() {
		return this.database.rows("SELECT x FROM a ORDER BY id");
	}

	private static void insert(JdbcContext jdbc, int value) {
		jdbc.client().sql("INSERT INTO a (x) VALUES (:x)").param("x", value).update();
	}

	@Test
	void runsInTheOrderOfVersionsAmongFiles() {
		this.folder.add("V3__c.sql", "INSERT INTO a (x) SELECT 10 * max(x) FROM a")
			.add("R__b.sql", "INSERT INTO a (x) VALUES (-1)");
		with("a total", (jdbc) -> insert(jdbc, 99)).with("2", (jdbc) -> insert(jdbc, 7));

		RunResult result = migrate();

		assertThat(result.applied()).extracting((applied) -> applied.identity().toString())
			.containsExactly("1", "2", "3", "a total", "b");
		assertThat(values()).containsExactly("7", "70", "99", "-1");
	}

	@Test
	void aClassThatComesLateIsToldWhatToChangeInIt() {
		this.folder.add("V3__c.sql", "SELECT 1");
		migrate();
		with("2", (jdbc) -> insert(jdbc, 7));

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.OUT_OF_ORDER);
		assertThat(problem.remedy()).contains(
				"let identity() of dev.tidemark.migrate.CodeMigrationTests$Code return version 4, the next free version")
			.doesNotContain("file");
	}

	@Test
	void isRecordedAsOneStatementWithItsClass() {
		with("2", (jdbc) -> insert(jdbc, 7));
		migrate();

		assertThat(history()).containsExactly("1|versioned|1|applied|1|1", "2|versioned|2|applied|1|1");
		assertThat(this.database
			.rows("SELECT script, description, phase, checksum, journal FROM tidemark_history WHERE rank = 2"))
			.containsExactly("dev.tidemark.migrate.CodeMigrationTests$Code|Code|expand||");
	}

	@Test
	void aVersionRunsOnce() {
		with("2", (jdbc) -> insert(jdbc, 7));
		migrate();

		assertThat(migrate().applied()).isEmpty();
		assertThat(values()).containsExactly("7");
	}

	@Test
	void aVersionWhoseChecksumChangesIsRefused() {
		with("2", "1", (jdbc) -> insert(jdbc, 7));
		migrate();
		this.code.clear();
		with("2", "2", (jdbc) -> insert(jdbc, 8));

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CHANGED);
		assertThat(problem.what()).contains("The code was changed", "code:1", "code:2");
		assertThat(this.database.value("SELECT checksum FROM tidemark_history WHERE rank = 2")).isEqualTo("code:1");
	}

	@Test
	void anAppliedFileCannotBeReplacedByCode() {
		migrate();
		this.folder.remove("V1__a.sql");
		with("1", (jdbc) -> {
		});
		this.folder.add("V2__b.sql", "SELECT 1");

		assertThat(problem().code()).isEqualTo(ErrorCode.CHANGED);
	}

	@Test
	void aRepeatableRunsAgainWhenItsChecksumChanges() {
		with("totals", "1", (jdbc) -> insert(jdbc, 1));
		migrate();
		migrate();
		this.code.clear();
		with("totals", "2", (jdbc) -> insert(jdbc, 2));
		migrate();

		assertThat(values()).containsExactly("1", "2");
	}

	@Test
	void aRepeatableWithoutAChecksumRunsOnceAndAgainWhenItGetsOne() {
		with("totals", (jdbc) -> insert(jdbc, 1));
		migrate();
		migrate();
		assertThat(values()).containsExactly("1");

		this.code.clear();
		with("totals", "1", (jdbc) -> insert(jdbc, 2));
		migrate();
		migrate();

		assertThat(values()).containsExactly("1", "2");
	}

	@Test
	void aRepeatableWithoutAChecksumRunsAgainWhenItBecomesAFile() {
		with("totals", (jdbc) -> insert(jdbc, 1));
		migrate();

		this.code.clear();
		this.folder.add("R__totals.sql", "INSERT INTO a (x) VALUES (2)");
		migrate();
		migrate();

		assertThat(values()).containsExactly("1", "2");
	}

	@Test
	void aRepeatableRunsAfterTheFileThatItDependsOnAndAgainWithIt() {
		this.folder.add("R__z_base.sql", "INSERT INTO a (x) VALUES (1)");
		dependingOn("z_base", "a total", (jdbc) -> insert(jdbc, 10));
		migrate();
		migrate();
		assertThat(values()).containsExactly("1", "10");

		this.folder.add("R__z_base.sql", "INSERT INTO a (x) VALUES (2)");
		migrate();
		migrate();

		assertThat(values()).containsExactly("1", "10", "2", "10");
	}

	@Test
	void aDependencyThatARepeatableGetsLaterCounts() {
		this.folder.add("R__z_base.sql", "INSERT INTO a (x) VALUES (1)");
		with("a total", (jdbc) -> insert(jdbc, 10));
		migrate();
		this.code.clear();
		dependingOn("z_base", "a total", (jdbc) -> insert(jdbc, 10));
		migrate();
		migrate();

		assertThat(values()).containsExactly("10", "1", "10");
	}

	@Test
	void aFileMayDependOnCode() {
		this.folder.add("R__a_total.sql", "-- tidemark: depends-on=z_base\nINSERT INTO a (x) VALUES (10)");
		with("z base", "1", (jdbc) -> insert(jdbc, 1));
		migrate();
		this.code.clear();
		with("z base", "2", (jdbc) -> insert(jdbc, 2));
		migrate();

		assertThat(values()).containsExactly("1", "10", "2", "10");
	}

	@Test
	void aVersionCannotDependOnARepeatable() {
		dependingOn("z_base", "2", (jdbc) -> insert(jdbc, 1));

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.DEPENDENCY);
		assertThat(problem.what()).isEqualTo("The code depends on repeatables, but versions run before all of them.");
		assertThat(String.valueOf(problem.place())).endsWith("CodeMigrationTests$Code");
	}

	@Test
	void aVersionThatAFileHasIsADuplicate() {
		with("1.0", (jdbc) -> {
		});

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.DUPLICATE);
		assertThat(problem).asString().contains("V1__a.sql", "CodeMigrationTests$Code", "The next free one is 2");
	}

	@Test
	void twoOfOneVersionAreADuplicate() {
		with("2", (jdbc) -> {
		}).with("2", (jdbc) -> {
		});

		assertThat(problem().code()).isEqualTo(ErrorCode.DUPLICATE);
	}

	@Test
	void anExceptionRollsBackAndIsToldWithItsLine() {
		with("2", (jdbc) -> {
			insert(jdbc, 7);
			throw new IllegalArgumentException("no tenant 'x', but password=hunter2");
		});

		MigrationFailedException failure = catchThrowableOfType(MigrationFailedException.class, this::migrate);

		Problem problem = failure.problems().get(0);
		assertThat(problem.code()).isEqualTo(ErrorCode.CODE);
		assertThat(problem.what()).startsWith(
				"The code of version 2 failed: java.lang.IllegalArgumentException: no tenant 'x', but password=***");
		assertThat(String.valueOf(problem.place()))
			.matches("dev\\.tidemark\\.migrate\\.CodeMigrationTests\\$Code:\\d+");
		assertThat(problem.state()).contains("rolled back");
		assertThat(failure.migration()).isEqualTo(Identity.of("2"));
		assertThat(failure).hasMessageNotContaining("hunter2")
			.hasRootCauseMessage("java.lang.IllegalArgumentException: no tenant 'x', but password=***");
		assertThat(values()).isEmpty();
		assertThat(history()).containsExactly("1|versioned|1|applied|1|1", "2|versioned|2|failed|0|1");
		assertThat(this.database.value("SELECT error_line IS NOT NULL FROM tidemark_history WHERE rank = 2"))
			.isEqualTo("t");
	}

	@Test
	void aMessageThatTheHistoryCannotHoldIsToldAllTheSame() {
		with("2", (jdbc) -> {
			throw new IllegalStateException("not a \0 name");
		});

		assertThat(problem().what()).contains("not a \\u0000 name");
		assertThat(history()).contains("2|versioned|2|failed|0|1");
	}

	@Test
	void itsCausesAreKeptWithoutSecrets() {
		with("2", (jdbc) -> {
			throw new IllegalStateException("not read", new IOException("line 7, password=hunter2"));
		});

		assertThat(failure()).hasMessageContaining("not read")
			.hasRootCauseMessage("java.io.IOException: line 7, password=***");
	}

	@ParameterizedTest
	@ValueSource(classes = { AssertionError.class, StackOverflowError.class })
	void anErrorOfTheLanguageIsAFailureToo(Class<? extends Error> type) {
		with("2", (jdbc) -> {
			throw type.getDeclaredConstructor().newInstance();
		});

		assertThat(problem().what()).contains(type.getName());
		assertThat(history()).contains("2|versioned|2|failed|0|1");
	}

	@Test
	void aConnectionOfItsOwnThatIsLostIsNotTakenForTheOneOfTheRun() {
		with("2", (jdbc) -> {
			throw new SQLException("Connection to elsewhere refused", "08001");
		});

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE);
		assertThat(problem.what()).contains("Connection to elsewhere refused");
		assertThat(history()).contains("2|versioned|2|failed|0|1");
	}

	@Test
	void whatTheServerRefusesIsToldInItsWords() {
		with("2", (jdbc) -> jdbc.client().sql("SELECT * FROM nowhere").query().listOfRows());

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE);
		assertThat(problem.server()).hasToString("relation \"nowhere\" does not exist (SQLSTATE 42P01)");
		assertThat(problem.place()).asString().matches(".*CodeMigrationTests\\$Code:\\d+");
		assertThat(this.database.value("SELECT error_sqlstate FROM tidemark_history WHERE rank = 2"))
			.isEqualTo("42P01");
	}

	@Test
	void aFailedOneRunsAgain() {
		AtomicInteger calls = new AtomicInteger();
		with("2", (jdbc) -> {
			if (calls.incrementAndGet() == 1) {
				throw new IllegalStateException("not yet");
			}
			insert(jdbc, 7);
		});
		failure();

		assertThat(migrate().applied()).hasSize(1);
		assertThat(values()).containsExactly("7");
	}

	@Test
	void rowsAreReadWhileOtherStatementsRun() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (id serial, x int);"
				+ " CREATE TABLE big AS SELECT i FROM generate_series(1, 5000) AS t (i)");
		with("2", (jdbc) -> {
			try (var rows = jdbc.client().sql("SELECT i FROM big").withFetchSize(100).query(Integer.class).stream()) {
				rows.filter((i) -> i % 1000 == 0).forEach((i) -> insert(jdbc, i));
			}
		});
		migrate();

		assertThat(values()).containsExactly("1000", "2000", "3000", "4000", "5000");
	}

	@Test
	void largeResultsAreFetchedInPieces() {
		AtomicReference<Integer> cursors = new AtomicReference<>();
		with("2", (jdbc) -> {
			try (var rows = jdbc.client()
				.sql("SELECT i FROM generate_series(1, 5000) AS t (i)")
				.withFetchSize(100)
				.query(Integer.class)
				.stream()) {
				rows.limit(1)
					.forEach((i) -> cursors.set(jdbc.client()
						.sql("SELECT count(*) FROM pg_cursors WHERE statement LIKE 'SELECT i FROM%'")
						.query(Integer.class)
						.single()));
			}
		});
		migrate();

		assertThat(cursors).hasValue(1);
	}

	@Test
	void generatedKeysBatchesSavepointsAndCopyWork() {
		with("2", (jdbc) -> {
			GeneratedKeyHolder keys = new GeneratedKeyHolder();
			jdbc.client().sql("INSERT INTO a (x) VALUES (1)").update(keys, "id");
			assertThat(keys.getKey()).isEqualTo(1);
			jdbc.operations()
				.batchUpdate("INSERT INTO a (x) VALUES (?)", List.of(new Object[] { 2 }, new Object[] { 3 }));
			jdbc.operations().execute((ConnectionCallback<Void>) (connection) -> {
				Savepoint savepoint = connection.setSavepoint();
				try (Statement statement = connection.createStatement()) {
					statement.execute("INSERT INTO a (x) VALUES (1 / 0)");
				}
				catch (SQLException ex) {
					connection.rollback(savepoint);
				}
				try {
					connection.unwrap(PGConnection.class)
						.getCopyAPI()
						.copyIn("COPY a (x) FROM STDIN", new StringReader("4\n5\n"));
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
				return null;
			});
		});
		migrate();

		assertThat(values()).containsExactly("1", "2", "3", "4", "5");
	}

	@ParameterizedTest
	@ValueSource(strings = { "commit", "rollback", "setAutoCommit", "abort" })
	void theConnectionRefusesToEndTheTransaction(String method) {
		with("2", (jdbc) -> jdbc.operations().execute((ConnectionCallback<Void>) (connection) -> {
			insert(jdbc, 7);
			Connection lent = connection.unwrap(Connection.class);
			switch (method) {
				case "commit" -> lent.commit();
				case "rollback" -> lent.rollback();
				case "setAutoCommit" -> lent.setAutoCommit(false);
				default -> lent.abort(Runnable::run);
			}
			return null;
		}));

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_TRANSACTION);
		assertThat(problem.what()).contains("Connection." + method + "()");
		assertThat(problem.place()).asString().contains("CodeMigrationTests$Code:");
		assertThat(problem.state()).contains("rolled back");
		assertThat(values()).isEmpty();
	}

	@Test
	void aConnectionThatIsClosedStaysOpenAsSpringDoesIt() {
		with("2", (jdbc) -> {
			jdbc.operations().execute((ConnectionCallback<Void>) (connection) -> {
				connection.close();
				return null;
			});
			insert(jdbc, 7);
		});
		migrate();

		assertThat(values()).containsExactly("7");
	}

	@Test
	void theConnectionIsOfNoUseAfterwards() {
		AtomicReference<JdbcContext> kept = new AtomicReference<>();
		with("2", kept::set);
		migrate();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> insert(kept.get(), 1));

		assertThat(failure.code()).isEqualTo(ErrorCode.CODE_TRANSACTION);
	}

	@Test
	void aCommitInSqlIsFoundOutAndLeftToAPerson() {
		with("2", (jdbc) -> {
			insert(jdbc, 1);
			jdbc.operations().execute("COMMIT");
			jdbc.operations().execute("BEGIN");
			insert(jdbc, 2);
		});

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_COMMITTED);
		assertThat(values()).containsExactly("1");
		assertThat(history()).containsExactly("1|versioned|1|applied|1|1", "2|versioned|2|interrupted|0|1");
		assertThat(problem().code()).isEqualTo(ErrorCode.INTERRUPTED);
	}

	@Test
	void aCommitInSqlIsFoundOutWhenTheCodeFailsAfterIt() {
		with("2", (jdbc) -> {
			insert(jdbc, 1);
			jdbc.operations().execute("COMMIT");
			throw new IllegalStateException("boom");
		});

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_COMMITTED);
		assertThat(problem.what()).contains("boom");
		assertThat(history()).element(1).isEqualTo("2|versioned|2|interrupted|0|1");
	}

	@Test
	void aPersonCanDecideAboutCodeThatCommitted() {
		AtomicInteger calls = new AtomicInteger();
		with("2", (jdbc) -> {
			insert(jdbc, calls.incrementAndGet());
			if (calls.get() == 1) {
				jdbc.operations().execute("COMMIT");
			}
		});
		failure();
		tidemark().build().resolve(ResolveRequest.of(Identity.of("2"), 2, Resolution.RETRY, "looked"));
		migrate();

		assertThat(values()).containsExactly("1", "2");
		assertThat(history()).element(3).isEqualTo("4|versioned|2|applied|1|1");
	}

	@Test
	void aRollbackInSqlFailsTheMigration() {
		with("2", (jdbc) -> {
			insert(jdbc, 1);
			jdbc.operations().execute("ROLLBACK");
		});

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_TRANSACTION);
		assertThat(problem.what()).contains("rolled back the transaction");
		assertThat(history()).element(1).isEqualTo("2|versioned|2|failed|0|1");
	}

	@Test
	void anErrorThatTheCodeSwallowsFailsTheMigration() {
		with("2", (jdbc) -> {
			insert(jdbc, 1);
			try {
				jdbc.operations().execute("SELECT 1 / 0");
			}
			catch (RuntimeException ex) {
				// As code that takes no care does.
			}
		});

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_TRANSACTION);
		assertThat(problem.what()).contains("went on after a statement had failed");
		assertThat(values()).isEmpty();
	}

	@Test
	void aDeferredConstraintFailsTheCommit() {
		this.folder.add("V1__a.sql", "CREATE TABLE p (id int PRIMARY KEY);"
				+ " CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED)");
		with("2", (jdbc) -> jdbc.operations().execute("INSERT INTO c VALUES (1)"));

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.COMMIT);
		assertThat(problem.place()).asString().contains("CodeMigrationTests$Code");
		assertThat(this.database.rows("SELECT * FROM c")).isEmpty();
	}

	@Test
	void aLockThatIsNotGrantedIsTriedAgain() throws SQLException {
		this.folder.add("V1__a.sql", "CREATE TABLE a (id serial, x int)");
		migrate();
		with("2", (jdbc) -> jdbc.operations().execute("ALTER TABLE a ADD COLUMN y int"));
		try (Connection other = this.database.connect(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("SELECT count(*) FROM a");
			AtomicReference<LockWait> wait = new AtomicReference<>();
			tidemark().lockTimeout(Duration.ofSeconds(3))
				.lockRetry(new LockRetry(Duration.ofMinutes(1)))
				.listener(new RunListener() {

					@Override
					public void lockNotGranted(LockWait told) {
						wait.set(told);
						try {
							other.commit();
						}
						catch (SQLException ex) {
							throw new IllegalStateException(ex);
						}
					}

				})
				.build()
				.migrate();

			assertThat(wait.get().migration()).isEqualTo(Identity.of("2"));
			assertThat(wait.get().blockers()).hasSize(1);
		}
		assertThat(history()).containsExactly("1|versioned|1|applied|1|1", "2|versioned|2|applied|1|1");
	}

	@Test
	void whatItSetsDoesNotReachTheNext() {
		this.folder.add("V3__c.sql", "CREATE TABLE path AS SELECT current_setting('search_path') AS value,"
				+ " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks");
		with("2", (jdbc) -> {
			jdbc.operations().execute("SET search_path = pg_catalog");
			jdbc.operations().execute("SELECT pg_advisory_lock(42)");
		});
		migrate();

		assertThat(this.database.rows("SELECT value NOT LIKE 'pg_catalog', locks FROM path")).containsExactly("t|1");
	}

	@Test
	void worksOnTheConnectionOfAPoolAndGivesItBackAsItCame() {
		with("2", (jdbc) -> insert(jdbc, 7)).with("3", (jdbc) -> jdbc.operations()
			.execute((StatementCallback<Boolean>) (statement) -> statement.execute("INSERT INTO a (x) VALUES (8)")));
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.database.jdbcUrl());
		config.setUsername(this.database.user());
		config.setPassword(this.database.password());
		config.setMaximumPoolSize(2);
		try (HikariDataSource pool = new HikariDataSource(config)) {
			Tidemark.Builder builder = Tidemark.builder(ConnectionSource.of(pool)).locations(this.folder.location());
			this.code.forEach(builder::migration);
			builder.build().migrate();
			try (Connection connection = pool.getConnection()) {
				assertThat(connection.getAutoCommit()).isTrue();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		assertThat(values()).containsExactly("7", "8");
	}

	@Test
	void isPartOfAVerification() {
		migrate();
		with("2", (jdbc) -> insert(jdbc, 7));
		Tidemark tidemark = tidemark().build();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::verify);

		assertThat(failure.code()).isEqualTo(ErrorCode.PENDING);
		assertThat(tidemark.inspect(InspectRequest.everything().within(Duration.ofSeconds(10)))
			.find(Identity.of("2"))
			.orElseThrow()
			.script()).isEqualTo("dev.tidemark.migrate.CodeMigrationTests$Code");
	}

	@Test
	void codeThatDoesNotTellItsChecksumStopsTheRunAndListenersHearOfIt() {
		List<TidemarkException> heard = new ArrayList<>();
		Tidemark tidemark = this.folder.tidemark(this.database).migration(new CodeMigration() {

			@Override
			public Identity identity() {
				return Identity.of("2");
			}

			@Override
			public String checksum() {
				throw new IllegalStateException("password=hidden");
			}

			@Override
			public void migrate(JdbcContext jdbc) {
			}

		}).listener(new RunListener() {

			@Override
			public void runFailed(TidemarkException failure) {
				heard.add(failure);
			}

		}).build();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);

		assertThat(failure.code()).isEqualTo(ErrorCode.CODE);
		assertThat(failure).hasMessageContainingAll("CodeMigrationTests$", "checksum() failed with")
			.message()
			.doesNotContain("hidden");
		assertThat(heard).containsExactly(failure);
		assertThat(this.database.value("SELECT to_regclass('a')")).isNull();
	}

	@Test
	void codeWithoutAnIdentityIsToldByItsClass() {
		this.code.add(new Code(null, null, List.of(), (jdbc) -> {
		}));

		assertThat(problem().what())
			.isEqualTo("The migration in Java does not tell what it is: identity() returned null.");
		assertThat(problem().place()).hasToString(Code.class.getName());
	}

	/** What a migration does. */
	@FunctionalInterface
	private interface Work {

		void run(JdbcContext jdbc) throws Exception;

	}

	private static final class Code implements CodeMigration {

		private final Identity identity;

		private final @Nullable String checksum;

		private final List<String> dependsOn;

		private final Work work;

		Code(Identity identity, @Nullable String checksum, List<String> dependsOn, Work work) {
			this.identity = identity;
			this.checksum = checksum;
			this.dependsOn = dependsOn;
			this.work = work;
		}

		@Override
		public Identity identity() {
			return this.identity;
		}

		@Override
		public @Nullable String checksum() {
			return this.checksum;
		}

		@Override
		public List<String> dependsOn() {
			return this.dependsOn;
		}

		@Override
		public void migrate(JdbcContext jdbc) throws Exception {
			this.work.run(jdbc);
		}

	}

}
