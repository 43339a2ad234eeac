package dev.tidemark.undo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.HostileDriver;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What is said of an undo in one transaction that is committed, wholly or in part, before
 * it fails.
 */
@ExtendWith(PostgresExtension.class)
class UndoOutcomeTests {

	private final TestDatabase database;

	private final List<String> events = new ArrayList<>();

	private MigrationFolder folder;

	UndoOutcomeTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a ()")
			.add("V2__b.sql", "CREATE TABLE b ()")
			.add("U2__b.sql", "DROP TABLE b")
			.add("V3__c.sql", "CREATE TABLE c ()")
			.add("U3__c.sql", "DROP TABLE c");
		this.folder.tidemark(this.database).build().migrate();
	}

	private MigrationFailedException failure(Tidemark.Builder builder) {
		Tidemark tidemark = builder.listener(new Events(this.events)).build();
		return catchThrowableOfType(MigrationFailedException.class,
				() -> tidemark.undo(UndoRequest.of(UndoSelection.to(MigrationVersion.of("1")))));
	}

	private List<String> history() {
		return this.database
			.rows("SELECT rank, kind, version, state FROM tidemark_history WHERE rank > 3 ORDER BY rank");
	}

	private List<String> tables() {
		return this.database.rows("SELECT relname FROM pg_class WHERE relname IN ('a', 'b', 'c') ORDER BY 1");
	}

	private void assertThatAllIsUndoneAndSaidSo(MigrationFailedException failure) {
		assertThat(tables()).containsExactly("a");
		assertThat(history()).containsExactly("4|undo|3|undone", "5|undo|2|undone");
		assertThat(failure.problems().get(0).state()).isEqualTo("All migrations are undone and recorded.");
		assertThat(failure.migration()).isEqualTo(Identity.of("2"));
		assertThat(failure.applied()).extracting(MigrationResult::identity).containsExactly(Identity.of("3"));
		assertThat(this.events).containsExactly("started 3", "started 2", "failed 2", "undone 3", "run failed");
	}

	@Test
	void initSqlThatFailsAfterTheCommitDoesNotHideIt() {
		// Fails where it runs the second time outside of the transaction.
		this.database.execute("CREATE SCHEMA gate; CREATE SEQUENCE gate.calls");
		this.database.execute("""
				CREATE FUNCTION gate.pass() RETURNS void LANGUAGE plpgsql AS $$
				BEGIN
				  IF pg_current_xact_id_if_assigned() IS NULL AND nextval('gate.calls') > 1 THEN
				    RAISE 'the gate is shut';
				  END IF;
				END $$""");

		MigrationFailedException failure = failure(this.folder.tidemark(this.database).initSql("SELECT gate.pass()"));

		assertThat(failure.code()).isEqualTo(ErrorCode.INIT_SQL);
		assertThat(failure.problems().get(0).server().message()).isEqualTo("the gate is shut");
		assertThatAllIsUndoneAndSaidSo(failure);
	}

	@Test
	void anErrorAfterTheCommitDoesNotHideIt() {
		MigrationFailedException failure = failure(
				HostileDriver.tidemark(this.database, this.folder, "COMMIT", true, StackOverflowError::new));

		assertThat(failure.code()).isEqualTo(ErrorCode.UNEXPECTED);
		assertThatAllIsUndoneAndSaidSo(failure);
	}

	@Test
	void anErrorBeforeTheCommitIsSaidToBeRolledBack() {
		Problem problem = failure(
				HostileDriver.tidemark(this.database, this.folder, "COMMIT", false, StackOverflowError::new))
			.problems()
			.get(0);

		assertThat(problem.state()).contains("as it was before the undo");
		assertThat(tables()).containsExactly("a", "b", "c");
		assertThat(history()).containsExactly("4|undo|2|failed");
	}

	@Test
	void ofCodeThatCommitsByItselfItIsSaidAndRecordedWhatStays() {
		Callback committing = new Callback() {

			@Override
			public Set<CallbackEvent> events() {
				return Set.of(CallbackEvent.BEFORE_EACH_UNDO);
			}

			@Override
			public void call(CallbackContext context) {
				if (String.valueOf(context.migration()).contains("U2")) {
					context.operations().execute("COMMIT");
				}
			}

		};

		MigrationFailedException failure = failure(this.folder.tidemark(this.database).callback(committing));

		assertThat(failure.code()).isEqualTo(ErrorCode.CODE_COMMITTED);
		assertThat(failure.problems().get(0).state()).isEqualTo("What was done until that commit stays, the rest was"
				+ " rolled back. Undone and recorded before it: version 3.");
		assertThat(tables()).containsExactly("a", "b");
		assertThat(history()).containsExactly("4|undo|3|undone", "5|undo|2|interrupted");
		assertThat(this.events).containsExactly("started 3", "started 2", "failed 2", "undone 3", "run failed");
	}

	/** Writes down what a listener hears. */
	private record Events(List<String> events) implements RunListener {

		@Override
		public void migrationStarted(MigrationInfo migration) {
			this.events.add("started " + migration.identity());
		}

		@Override
		public void migrationUndone(MigrationInfo migration, MigrationResult result) {
			this.events.add("undone " + migration.identity());
		}

		@Override
		public void migrationFailed(MigrationInfo migration, TidemarkException failure) {
			this.events.add("failed " + migration.identity());
		}

		@Override
		public void runFailed(TidemarkException failure) {
			this.events.add("run failed");
		}

	}

}
