package dev.tidemark.format;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.MigrationState;
import dev.tidemark.history.Original;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Phase;
import dev.tidemark.plan.RecordedDecision;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Marks that carry what another tool had recorded.
 */
@ExtendWith(PostgresExtension.class)
class AdoptedRowTests {

	private final TestDatabase database;

	AdoptedRowTests(TestDatabase database) {
		this.database = database;
	}

	@Test
	void aMarkKeepsTheTimesTheUserTheRankAndTheValuesOfAnotherTool(@TempDir Path path) throws Exception {
		new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a ()").tidemark(this.database).build().migrate();
		Instant started = Instant.parse("2019-03-01T10:15:30.123456Z");
		Map<String, @Nullable String> values = new HashMap<>(Map.of("installed_rank", "7", "type", "SQL", "script",
				"it's \"quoted\", with \\ and {} and €.sql", "success", "true"));
		values.put("checksum", null);
		Original original = new Original("Flyway", 7, started, started.plusMillis(250), "flyway_user", values);
		RecordedDecision mark = new RecordedDecision(Identity.of("0.5"), Phase.EXPAND, "old", "V0.5__old.sql", null,
				MigrationState.ADOPTED, "adopted", original);
		HistoryRow.Author author = new HistoryRow.Author("me", null, null, "here", "1", "deployment", null, null);
		HistoryRow row = mark.row(2, author, Instant.now());
		HistoryTable table = HistoryTable.of("public", "tidemark_history", List.of());
		try (Connection connection = this.database.connect()) {
			try (Statement statement = connection.createStatement()) {
				statement.execute(table.writer(connection).insert(row));
			}

			HistoryRow read = table.readRows(connection, List.of(2)).get(0);

			assertThat(read).isEqualTo(row);
			assertThat(read.original()).isEqualTo(original);
			assertThat(read.author().installedBy()).isEqualTo("flyway_user");
			assertThat(read).asString().contains("adopted from Flyway, rank 7");
			assertThat(table.readRows(connection, List.of(1)).get(0).original()).isNull();
		}
		assertThat(this.database.rows("SELECT adopted_from, adopted_rank, adopted_values ->> 'type', installed_by,"
				+ " finished_at = '2019-03-01T10:15:30.373456Z' FROM tidemark_history WHERE rank = 2"))
			.containsExactly("Flyway|7|SQL|flyway_user|t");
	}

}
