package dev.tidemark.autoconfigure.backfill;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.tidemark.autoconfigure.ExitCode;
import dev.tidemark.autoconfigure.exit.JvmExit;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A job before a roll-out.
 */
@ExtendWith({ PostgresExtension.class, OutputCaptureExtension.class })
class JobTests {

	private final TestDatabase database;

	private final List<Integer> codes = new ArrayList<>();

	private BackfillFiles files;

	JobTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void files(@TempDir Path folder) {
		this.files = new BackfillFiles(folder).before(this.database);
	}

	private void run(String... properties) {
		Runners.with(this.database)
			.withPropertyValues("tidemark.mode=migrate-and-exit", this.files.location())
			.withPropertyValues(properties)
			.withBean(JvmExit.class, () -> this.codes::add)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private void addOneForLater() {
		this.files.write("V3__later.backfill.sql", """
				-- tidemark: batch table=users by=id reads=later
				UPDATE users SET email = 'b' || id WHERE {batch}""");
	}

	@Test
	void whatTheBuildReadsIsDoneBeforeTheJobEnds(CapturedOutput output) throws Exception {
		this.files.backfill("");
		addOneForLater();
		Path report = this.files.folder().resolve("report.json");
		run("tidemark.report.file=" + report);

		assertThat(this.codes).containsExactly(0);
		assertThat(this.database.rows(BackfillFiles.MOVED)).containsExactly("1|500");
		assertThat(output).contains("Backfill of tidemark is done: version 2 (", "finished, 500 rows, 100 %",
				"Backfill of tidemark is left: version 3 (");
		assertThat(report).content()
			.contains("\"backfills\":[{\"tidemark\":\"tidemark\",\"version\":\"2\"", "\"state\":\"finished\"",
					"\"rows\":500");
	}

	@Test
	void aJobMayDoAllOfThem() {
		this.files.backfill("");
		addOneForLater();
		run("tidemark.backfill.job-scope=all");

		assertThat(this.codes).containsExactly(0);
		assertThat(this.database.value("SELECT count(*) FROM users WHERE email LIKE 'b%'")).isEqualTo("500");
	}

	@Test
	void aVersionThatIsRequiredAndUnknownIsTold(CapturedOutput output) {
		this.files.backfill("");
		run("tidemark.requires=77");

		assertThat(this.codes).containsExactly(75);
		assertThat(output).contains("Version 77 is required");
	}

	@Test
	void aJobThatWorksOnNoneSaysWhatItLeaves(CapturedOutput output) {
		this.files.backfill("");
		run("tidemark.backfill.enabled=false");

		assertThat(this.codes).containsExactly(0);
		assertThat(output).contains("Backfill of tidemark is left: version 2 (");
		assertThat(this.database.rows(BackfillFiles.MOVED)).containsExactly("0|500");
	}

	@Test
	void aBackfillThatFailsNeedsAPerson(CapturedOutput output) throws Exception {
		this.files.backfill("verify \"moved = 7\"");
		Path terminationLog = Files.createFile(this.files.folder().resolve("termination-log"));
		run("tidemark.report.termination-log=" + terminationLog);

		assertThat(this.codes).containsExactly(ExitCode.PERSON_NEEDED.number());
		assertThat(output).contains("Backfill of tidemark is left: version 2 (", "unverified", "TM-BKF-007");
		assertThat(terminationLog).content().startsWith("TM-BKF-007");
	}

	@Test
	void oneThatWaitsForAPersonIsForLater(CapturedOutput output) {
		this.files.backfill("start=manual");
		run();

		assertThat(this.codes).containsExactly(ExitCode.TRY_AGAIN_LATER.number());
		assertThat(output).contains("Backfill of tidemark is left: version 2 (");
	}

	@Test
	void aJobWorksTenantByTenant() {
		this.files.backfill("");
		this.database.execute("CREATE SCHEMA acme; CREATE SCHEMA globex");
		run("tidemark.tenants.schemas=acme,globex", "tidemark.run.target=1");
		this.codes.clear();
		for (String tenant : new String[] { "acme", "globex" }) {
			this.database.execute("UPDATE " + tenant + ".users SET moved = 0");
		}

		run("tidemark.tenants.schemas=acme,globex");

		assertThat(this.codes).containsExactly(0);
		assertThat(this.database.rows("SELECT moved, count(*) FROM acme.users GROUP BY 1")).containsExactly("1|500");
		assertThat(this.database.rows("SELECT moved, count(*) FROM globex.users GROUP BY 1")).containsExactly("1|500");
	}

	@Test
	void whereNothingIsLeftNothingIsSaidOfIt(CapturedOutput output) {
		run();

		assertThat(this.codes).containsExactly(0);
		assertThat(output).doesNotContain("Backfill");
	}

}
