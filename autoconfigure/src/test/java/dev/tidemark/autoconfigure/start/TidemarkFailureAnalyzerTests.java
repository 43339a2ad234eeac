package dev.tidemark.autoconfigure.start;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;

import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(PostgresExtension.class)
class TidemarkFailureAnalyzerTests {

	private final TidemarkFailureAnalyzer analyzer = new TidemarkFailureAnalyzer();

	@Test
	void isFoundByBoot() {
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, (factoryType, name, failure) -> {
			})).hasAtLeastOneElementOfType(TidemarkFailureAnalyzer.class);
	}

	@Test
	void tellsWhatHappenedWhereWhatTheServerSaidTheStateAndTheRemedy(TestDatabase database) {
		Runners.with(database).withPropertyValues("tidemark.locations=classpath:migrations/failing").run((context) -> {
			FailureAnalysis analysis = this.analyzer.analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).startsWith("TM-RUN-001 Statement failed: ")
				.contains("\n    Where: migrations/failing/V2__fill_item.sql:2",
						"(statement 2: INSERT INTO itme VALUES (2))",
						"\n    Server: relation \"itme\" does not exist (SQLSTATE 42P01)", "\n    State: ");
			assertThat(analysis.getAction()).isNotBlank();
			assertThat(analysis.getCause()).isInstanceOf(TidemarkException.class);
		});
	}

	@Test
	void numbersSeveralProblemsAndTheirRemedies() {
		FailureAnalysis analysis = this.analyzer.analyze(new IllegalStateException(new TidemarkException(List.of(
				Problem.error(ErrorCode.CHANGED, Place.file("db/migration/V1__a.sql"), "The file was changed.",
						"Restore the text."),
				Problem.warning(ErrorCode.MISSING, null, "Two lines:\nthe second.", "Restore the file,\nor not.")))));
		assertThat(analysis.getDescription()).isEqualTo("""
				There are 2 problems:

				1. TM-VAL-001 Applied file changed: The file was changed.
				       Where: db/migration/V1__a.sql
				       State: Nothing was changed.

				2. TM-VAL-002 Applied file missing (warning): Two lines:\\nthe second.
				       State: This is a warning, and stops nothing.""");
		assertThat(analysis.getAction()).isEqualTo("""
				1. Restore the text.
				2. Restore the file,
				   or not.""");
	}

	@Test
	void tellsNoPassword(TestDatabase database) {
		Runners.with(database).withPropertyValues("tidemark.connection.password=wrong-but-secret").run((context) -> {
			FailureAnalysis analysis = this.analyzer.analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).startsWith("TM-DB-002 Login refused: ");
			assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain("wrong-but-secret");
			assertThat(context.getStartupFailure()).rootCause().message().doesNotContain("wrong-but-secret");
		});
	}

}
