package dev.tidemark.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.MigrationState;
import dev.tidemark.history.RestorePoint;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Phase;
import dev.tidemark.run.BaselineResult;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.MigrationRun;
import dev.tidemark.run.ResolveResult;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.StatementInfo;
import dev.tidemark.run.UndoResult;
import dev.tidemark.run.Verification;
import dev.tidemark.run.inspect.Current;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.sql.PlainText;
import dev.tidemark.tenant.TenantsInspection;
import dev.tidemark.tenant.TenantsPreview;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application logs of our results is a line, whatever stands in them.
 */
class PlainRecordsTests {

	private static final String ODD = "a\u001b[2J\u202e\n2026-01-01 ERROR forged" + "x".repeat(20_000);

	static Stream<Record> records() {
		DatabaseIdentity database = new DatabaseIdentity(ODD, ODD, ODD);
		Identity identity = Identity.of("1");
		HistoryEntry run = new HistoryEntry(1, identity, ODD, ODD, null, MigrationState.FAILED, 1, 0, null, false);
		HistoryRow.Author author = new HistoryRow.Author(ODD, ODD, ODD, ODD, ODD, ODD, ODD, new RestorePoint(ODD, ODD));
		HistoryRow row = new HistoryRow(run, Instant.EPOCH, null, author, null, ODD);
		MigrationInfo entry = new MigrationInfo(identity, Phase.EXPAND, ODD, ODD, null, MigrationState.FAILED, ODD,
				true, ODD, 1);
		MigrationRun recorded = new MigrationRun(1, entry, 2, 1, Instant.EPOCH, null, author, null, ODD);
		StatementInfo statement = new StatementInfo(1, 2, ODD, ODD, ODD, false);
		MigrationResult result = new MigrationResult(identity, ODD, ODD, 1, Duration.ZERO);
		RunScope scope = new RunScope(ODD, false);
		TenantsInspection.Tenant tenant = new TenantsInspection.Tenant(ODD, Inspection.State.BLOCKED, null, 1, false,
				null, List.of());
		Current current = new Current(Current.State.RUNNING, true, 1, identity, true, ODD, 1, 2, 3, ODD, null,
				Duration.ZERO, 1, null, null, List.of());
		return Stream.of(database, run, author, row, entry, recorded, statement, result, tenant, current,
				new ResolveResult(database, recorded), new BaselineResult(database, List.of(entry)),
				new TenantsPreview(ODD, List.of()),
				new Inspection(Inspection.State.BLOCKED, database, ODD, null, null, current, List.of(), List.of(entry),
						List.of(recorded), List.of()),
				new TenantsInspection(Inspection.State.BLOCKED, List.of(tenant), List.of()),
				new RunResult(scope, database, ODD, List.of(result), null, List.of(entry), List.of(), Duration.ZERO,
						Duration.ZERO),
				new UndoResult(scope, database, ODD, List.of(result), List.of(), null, List.of(entry), List.of(),
						Duration.ZERO, Duration.ZERO),
				new Verification(scope, database, List.of(entry), List.of()));
	}

	@ParameterizedTest
	@MethodSource("records")
	void aResultIsToldInOneLine(Record result) {
		assertThat(result.toString()).isEqualTo(PlainText.line(result.toString()))
			.hasSizeLessThan(PlainText.LONGEST_LINE + 50);
	}

}
