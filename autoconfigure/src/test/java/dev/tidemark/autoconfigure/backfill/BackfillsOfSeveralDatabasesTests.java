package dev.tidemark.autoconfigure.backfill;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.tidemark.autoconfigure.fixture.StartedApplication;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Each of several databases has its own backfills, and readiness is all of them.
 */
@ExtendWith({ PostgresExtension.class, OutputCaptureExtension.class })
@Timeout(120)
class BackfillsOfSeveralDatabasesTests {

	@Test
	void readinessIsAllOfThemAndEachHasSettingsOfItsOwn(TestDatabase one, @TempDir Path folder, CapturedOutput output)
			throws Exception {
		try (TestDatabase two = PostgresServer.shared().createDatabase()) {
			BackfillFiles ofOne = files(one, folder.resolve("one"));
			BackfillFiles ofTwo = files(two, folder.resolve("two"));
			try (StartedApplication application = StartedApplication.web(one, of("one", one, ofOne)[0],
					of("one", one, ofOne)[1], of("two", two, ofTwo)[0], of("two", two, ofTwo)[1],
					"tidemark.databases.two.backfill.start=manual")) {
				await().untilAsserted(() -> assertThat(one.rows(BackfillFiles.MOVED)).containsExactly("1|500"));

				assertThat(application.get("health/liveness").status()).isEqualTo(200);
				assertThat(application.readiness()).isEqualTo(503);
				assertThat(two.rows(BackfillFiles.MOVED)).containsExactly("0|500");
				assertThat(output).contains("two: version 2 (");
				assertThat(application
					.post("migrations/2", "{\"action\": \"start\", \"reason\": \"now\", \"tidemark\": \"twoTidemark\"}")
					.status()).isEqualTo(200);
				application.awaitStart();
				assertThat(application.readiness()).isEqualTo(200);
				assertThat(two.rows(BackfillFiles.MOVED)).containsExactly("1|500");
			}
		}
	}

	private static BackfillFiles files(TestDatabase database, Path folder) throws Exception {
		return new BackfillFiles(Files.createDirectory(folder)).before(database).backfill("");
	}

	private static String[] of(String name, TestDatabase database, BackfillFiles files) {
		return new String[] {
				"tidemark.databases." + name + ".connection.url=" + database.jdbcUrl() + "?user=" + database.user()
						+ "&password=" + database.password(),
				"tidemark.databases." + name + "." + files.location().substring("tidemark.".length()) };
	}

}
