package dev.tidemark.phase;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import dev.tidemark.Tidemark;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.MigrationState;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.RunResult;
import dev.tidemark.session.Session;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.settings.AsynchronousCommit;
import dev.tidemark.session.settings.ClientLiveness;
import dev.tidemark.session.settings.SessionSettings;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A table of users, and the three files that give one of its columns another name.
 */
final class PhaseFixture {

	static final String BACKFILL = """
			-- tidemark: batch table=users by=id
			UPDATE users SET email_address = email WHERE {batch} AND email_address IS NULL;
			""";

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final TestDatabase database;

	private final MigrationFolder folder;

	PhaseFixture(TestDatabase database, Path path) {
		this.database = database;
		this.folder = new MigrationFolder(path);
	}

	MigrationFolder folder() {
		return this.folder;
	}

	PhaseFixture users() {
		this.folder.add("V1__users.sql",
				"CREATE TABLE users (id int PRIMARY KEY, email text); INSERT INTO users VALUES (1, 'a'), (2, 'b')");
		return this;
	}

	/** Adds an expand file, a backfill and a contract. */
	PhaseFixture phases() {
		this.folder.add("V2__email_address.sql", "ALTER TABLE users ADD COLUMN email_address text")
			.add("V3__copy_email.backfill.sql", BACKFILL)
			.add("V4__drop_email.contract.sql", "ALTER TABLE users DROP COLUMN email");
		return this;
	}

	Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database);
	}

	RunResult migrate() {
		return tidemark().build().migrate();
	}

	TidemarkException failure() {
		return failure(tidemark());
	}

	TidemarkException failure(Tidemark.Builder tidemark) {
		return catchThrowableOfType(TidemarkException.class, () -> tidemark.build().migrate());
	}

	/** Begins with the table alone, so that the phases wait. */
	PhaseFixture waiting() {
		users().migrate();
		phases().migrate();
		return this;
	}

	/** Says that a backfill has begun with the text of its file. */
	PhaseFixture begun(String version, String state) throws SQLException {
		return begun(version, state, checksum(version));
	}

	PhaseFixture begun(String version, String state, String checksum) throws SQLException {
		try (Session session = Session.open(
				ConnectionSource.of(this.database.jdbcUrl(), this.database.user(), this.database.password()),
				new SessionSettings("test", null, null, PATIENCE, Duration.ZERO, Duration.ZERO,
						new ClientLiveness(Duration.ofSeconds(1), PATIENCE), AsynchronousCommit.AUTO, null,
						UnaryOperator.identity()),
				PATIENCE)) {
			session.prepare();
			BackfillTable table = BackfillTable.of(HistoryTable.of("public", "tidemark_history", List.of()));
			table.create(session);
			session.write(table.writes()
				.insert(MigrationVersion.of(version), "x", "V" + version + "__x.backfill.sql", checksum,
						BackfillState.valueOf(state), null));
		}
		// One batch of it is committed.
		this.database.execute("""
				UPDATE tidemark_history_backfill SET relation = 'public.users', keys = '{id}' WHERE part = 0;
				INSERT INTO tidemark_history_backfill
				  (version, part, kind, relation, range_up_to, position, rows_done, keys_done, batches)
				VALUES ('%s', 1, 'range', 'public.users', '{2}', '{1}', 1, 1, 1)""".formatted(version));
		return this;
	}

	/** Records that a backfill or contract has run, as whoever runs it will. */
	PhaseFixture record(String version, String phase, String sql) {
		this.database.execute(sql + "; INSERT INTO tidemark_history (rank, kind, phase, version, description, script,"
				+ " checksum, state, statements_total, statements_done, started_at, finished_at, installed_by, instance,"
				+ " tool_version, deployment_id) SELECT max(rank) + 1, 'versioned', '" + phase + "', '" + version
				+ "', 'x', 'x.sql', '" + checksum(version) + "', 'applied', 1, 1, now(), now(), 'x', 'x', 'x', 'x'"
				+ " FROM tidemark_history");
		return this;
	}

	private String checksum(String version) {
		return tidemark().build()
			.status()
			.migrations()
			.stream()
			.filter((file) -> file.identity().toString().equals(version))
			.map((file) -> String.valueOf(file.checksum()))
			.findFirst()
			.orElseThrow();
	}

	boolean hasColumn(String name) {
		return !this.database
			.rows("SELECT 1 FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = '" + name
					+ "' AND NOT attisdropped")
			.isEmpty();
	}

	static List<String> states(List<MigrationInfo> migrations) {
		return migrations.stream().map((migration) -> migration.identity() + " " + migration.state()).toList();
	}

	static Map<String, String> waiting(List<MigrationInfo> migrations) {
		return migrations.stream()
			.filter((migration) -> migration.state() == MigrationState.WAITING)
			.collect(Collectors.toMap((migration) -> migration.identity().toString(),
					(migration) -> String.valueOf(migration.reason())));
	}

}
