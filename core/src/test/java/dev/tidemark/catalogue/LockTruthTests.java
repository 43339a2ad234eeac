package dev.tidemark.catalogue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

import dev.tidemark.statement.LockMode;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which locks are known beforehand, held against many statements of a folder:
 * {@code schema.sql} is what is there before each of them, {@code :n} rows in a table;
 * {@code statements.json} is a list of {@code id}, {@code setup}, {@code session},
 * {@code statements} and {@code in_transaction}.
 */
@Tag("proof")
@ExtendWith(PostgresExtension.class)
@EnabledIfSystemProperty(named = LockTruthTests.FOLDER, matches = ".+")
class LockTruthTests {

	static final String FOLDER = "tidemark.ddl-truth";

	/** So many that a session that looks sees what holds them. */
	private static final int ROWS = 3000;

	private static final String CASES = """
			SELECT c ->> 'id', c ->> 'in_transaction', ARRAY(SELECT pg_catalog.jsonb_array_elements_text(c -> 'setup')),
			  ARRAY(SELECT pg_catalog.jsonb_array_elements_text(c -> 'session')),
			  ARRAY(SELECT pg_catalog.jsonb_array_elements_text(c -> 'statements'))
			FROM pg_catalog.jsonb_array_elements(CAST(? AS pg_catalog.jsonb)) c""";

	private final TestDatabase database;

	private final List<String> lines = new ArrayList<>();

	private int compared;

	private int refused;

	private int missed;

	private int invented;

	LockTruthTests(TestDatabase database) {
		this.database = database;
	}

	@Test
	void nearlyAllStrongLocksAreKnownAndFewAreClaimedInVain() throws Exception {
		Path folder = Path.of(System.getProperty(FOLDER));
		this.database.execute("CREATE ROLE app_owner; CREATE ROLE app_reader");
		this.database.execute(Files.readString(folder.resolve("schema.sql")).replace(":n", String.valueOf(ROWS)));
		for (Case trial : cases(Files.readString(folder.resolve("statements.json")))) {
			compare(trial);
		}
		String summary = "%d statements, %d more were refused; %d with locks that were not known, %d with some in vain"
			.formatted(this.compared, this.refused, this.missed, this.invented);
		this.lines.add(0, summary);
		Files.write(Path.of("target", "ddl-truth-" + PostgresServer.major() + ".txt"), this.lines);
		assertThat(this.compared).as(summary).isGreaterThan(200);
		assertThat(this.missed).as(summary).isLessThanOrEqualTo(this.compared * 5 / 100);
		assertThat(this.invented).as(summary).isLessThanOrEqualTo(this.compared * 5 / 100);
	}

	private void compare(Case trial) throws Exception {
		boolean rolledBack = trial.transaction() && trial.setup().isEmpty();
		if (rolledBack) {
			compare(trial, this.database);
			return;
		}
		try (TestDatabase fresh = this.database.server().copyOf(this.database)) {
			compare(trial, fresh);
		}
	}

	private void compare(Case trial, TestDatabase fresh) throws Exception {
		try (Connection connection = fresh.connect()) {
			LockTrial result = run(trial, fresh, connection);
			if (!result.failure().isEmpty()) {
				this.refused++;
				this.lines.add(trial.id() + ": refused, " + result.failure().lines().findFirst().orElse(""));
				return;
			}
			this.compared++;
			boolean known = result.missed(LockMode.SHARE).isEmpty();
			boolean taken = result.invented(LockMode.SHARE).isEmpty();
			this.missed += known ? 0 : 1;
			this.invented += taken ? 0 : 1;
			if (!known || !taken || !result.missed(LockMode.SHARE_UPDATE_EXCLUSIVE).isEmpty()
					|| !result.invented(LockMode.SHARE_UPDATE_EXCLUSIVE).isEmpty()) {
				this.lines.add(trial.id() + ": not known " + result.missed(LockMode.SHARE_UPDATE_EXCLUSIVE)
						+ ", in vain " + result.invented(LockMode.SHARE_UPDATE_EXCLUSIVE));
			}
		}
	}

	private static LockTrial run(Case trial, TestDatabase database, Connection connection) throws Exception {
		for (String sql : trial.setup()) {
			try {
				database.execute(sql);
			}
			catch (IllegalStateException ex) {
				return new LockTrial(Map.of(), Map.of(), true, ex.toString());
			}
		}
		for (String sql : trial.session()) {
			try (Statement statement = connection.createStatement()) {
				statement.execute(sql);
			}
		}
		List<String> statements = trial.statements()
			.stream()
			.map((sql) -> sql.replace("{db}", database.name()))
			.toList();
		if (trial.transaction()) {
			return LockTrial.inTransaction(connection, statements);
		}
		try (Connection other = database.connect()) {
			return LockTrial.alone(connection, other, statements);
		}
	}

	private List<Case> cases(String json) throws SQLException {
		List<Case> cases = new ArrayList<>();
		try (Connection connection = this.database.connect();
				PreparedStatement statement = connection.prepareStatement(CASES)) {
			statement.setString(1, json);
			try (ResultSet results = statement.executeQuery()) {
				while (results.next()) {
					cases.add(new Case(results.getString(1), results.getString(2).equals("yes"),
							texts(results.getArray(3)), texts(results.getArray(4)), texts(results.getArray(5))));
				}
			}
		}
		return cases;
	}

	private static List<String> texts(Array array) throws SQLException {
		return List.of((String[]) array.getArray());
	}

	/**
	 * A statement, or several, to try.
	 *
	 * @param id its name
	 * @param transaction whether it can run in a transaction
	 * @param setup what runs before
	 * @param session what the session runs before
	 * @param statements the statements
	 */
	private record Case(String id, boolean transaction, List<String> setup, List<String> session,
			List<String> statements) {

	}

}
