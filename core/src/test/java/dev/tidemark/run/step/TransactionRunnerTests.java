package dev.tidemark.run.step;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.run.failure.HistoryConflictException;
import dev.tidemark.run.failure.Origin;
import dev.tidemark.run.failure.StatementProblems;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.failure.TransactionFailures;
import dev.tidemark.run.progress.CurrentRun;
import dev.tidemark.run.progress.Interludes;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.run.step.lock.LockNeeds;
import dev.tidemark.run.step.lock.LockReport;
import dev.tidemark.run.step.lock.LockRetrying;
import dev.tidemark.session.Session;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.settings.AsynchronousCommit;
import dev.tidemark.session.settings.ClientLiveness;
import dev.tidemark.session.settings.SessionSettings;
import dev.tidemark.session.watch.Obstruction;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Statements that commit together with a write of our own, where no migration is at work:
 * neither a step nor a history is needed for it.
 */
@ExtendWith(PostgresExtension.class)
class TransactionRunnerTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final TestDatabase database;

	private final AtomicInteger done = new AtomicInteger();

	private Session session;

	TransactionRunnerTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void open() throws SQLException {
		this.database.execute(
				"CREATE TABLE t (id int); CREATE TABLE position (value int);" + " INSERT INTO position VALUES (0)");
		ConnectionSource source = ConnectionSource.of(this.database.jdbcUrl(), this.database.user(),
				this.database.password());
		this.session = Session.open(source,
				new SessionSettings("test", null, null, Duration.ofMillis(100), Duration.ZERO, Duration.ZERO,
						new ClientLiveness(Duration.ofSeconds(1), PATIENCE), AsynchronousCommit.AUTO, null,
						UnaryOperator.identity()),
				PATIENCE);
		this.session.prepare();
	}

	@AfterEach
	void close() {
		this.session.close();
	}

	private static LockReport report(Runnable again) {
		return new LockReport() {

			@Override
			public void again(int attempts, @Nullable Place where, Obstruction obstruction, Duration pause) {
				again.run();
			}

			@Override
			public StepFailure ended(Obstruction seen) {
				throw new IllegalStateException("Nobody ends it");
			}

		};
	}

	private void run(String sql, int position, Runnable again) throws HistoryConflictException, StepFailure {
		List<SqlStatement> statements = SqlScript.parse(sql).statements();
		Origin origin = new Origin("the work", null, false, "work", null, ErrorCode.STATEMENT, "Correct it.",
				statements, null);
		Failures failures = new Failures(this.session, origin);
		TransactionRunner transactions = new TransactionRunner(this.session,
				new StatementRunner(this.session, this.session.watch(), origin, failures), failures, new Nothing(),
				this.done::incrementAndGet);
		String end = this.session.own().commit("UPDATE position SET value = " + position, true);
		new LockRetrying(this.session, new LockRetry(PATIENCE), new CurrentRun(Clock.systemUTC())).run(
				new LockNeeds(statements, LockNeeds.Extent.TRANSACTION, null),
				(opening) -> transactions.run(opening, statements, end, false), (failure) -> rollBack(), report(again));
	}

	private void rollBack() {
		try {
			this.session.rollBack();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Returns how many rows there are, and the position. */
	private List<String> state() {
		return this.database.rows("SELECT (SELECT count(*) FROM t), value FROM position");
	}

	@Test
	void statementsAndTheWriteBehindThemAreOneCommit() throws Exception {
		run("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)", 2, () -> {
		});

		assertThat(this.done).hasValue(2);
		assertThat(state()).containsExactly("2|2");
		assertThat(this.database.value("SELECT count(DISTINCT xmin::text) FROM"
				+ " (SELECT xmin FROM t UNION ALL SELECT xmin FROM position) AS written"))
			.isEqualTo("1");
	}

	@Test
	void aStatementThatFailsTakesTheWriteWithIt() {
		assertThatExceptionOfType(StepFailure.class)
			.isThrownBy(() -> run("INSERT INTO t VALUES (1); SELECT 1 / 0", 2, () -> {
			}))
			.satisfies((failure) -> assertThat(failure.problem().place())
				.hasToString("work:1:27 (statement 2: SELECT 1 / 0)"));
		rollBack();

		assertThat(state()).containsExactly("0|0");
	}

	@Test
	void whatDoesNotGetItsLockIsTriedAgainAsAWhole() throws Exception {
		AtomicInteger waits = new AtomicInteger();
		try (Connection holder = this.database.connect(); var lock = holder.createStatement()) {
			holder.setAutoCommit(false);
			lock.execute("LOCK TABLE position");
			run("INSERT INTO t VALUES (1)", 1, () -> {
				assertThat(count(holder)).isEqualTo("0");
				waits.incrementAndGet();
				rollBack(holder);
			});
		}

		assertThat(waits).hasPositiveValue();
		assertThat(state()).containsExactly("1|1");
	}

	private static String count(Connection connection) {
		try (var statement = connection.createStatement();
				var results = statement.executeQuery("SELECT count(*) FROM t")) {
			results.next();
			return results.getString(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void rollBack(Connection connection) {
		try {
			connection.rollback();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Nothing comes between the statements. */
	private static final class Nothing implements Interludes {

		@Override
		public boolean isDue(Moment moment) {
			return false;
		}

		@Override
		public void run(Moment moment, @Nullable SqlStatement statement) {
			throw new IllegalStateException("Nothing is due");
		}

	}

	/** Failures of work that has no history. */
	private record Failures(Session session, Origin origin) implements TransactionFailures {

		@Override
		public StepFailure failed(@Nullable SqlStatement statement, SQLException ex) {
			return new StepFailure(StatementProblems.failed(this.session, this.origin, statement,
					this.session.errorOf(ex, statement)));
		}

		@Override
		public StepFailure unexpected(@Nullable SqlStatement statement, Throwable thrown) {
			throw new IllegalStateException(thrown);
		}

		@Override
		public StepFailure commitFailed(SQLException ex, boolean last, boolean own) {
			assertThat(last).isFalse();
			assertThat(own).isTrue();
			return failed(null, ex);
		}

	}

}
