package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import org.awaitility.Awaitility;

import dev.tidemark.Tidemark;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.rollout.BackfillControl;
import dev.tidemark.rollout.BackfillControl.Action;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.pace.ThrottleSignal;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.TestDatabase;

/**
 * A database with a backfill of version 2, on which some instances work.
 */
final class Backfilling {

	static final MigrationVersion VERSION = MigrationVersion.of("2");

	/** What else goes on on the machine is none of the tests' business. */
	private static final Map<String, String> OFF = Arrays.stream(ThrottleSignal.values())
		.filter((signal) -> signal != ThrottleSignal.QUERY)
		.collect(Collectors.toMap(ThrottleSignal::word, (signal) -> "off"));

	private final TestDatabase database;

	private final MigrationFolder folder;

	Backfilling(TestDatabase database, Path path) {
		this.database = database;
		this.folder = new MigrationFolder(path);
	}

	/** Makes what is there before. */
	Backfilling before(String schema) {
		this.folder.add("V1__before.sql", schema);
		this.folder.tidemark(this.database).build().migrate();
		return this;
	}

	/** Makes a table of so many rows with a counter. */
	Backfilling users(int rows) {
		return before("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);"
				+ " INSERT INTO users SELECT generate_series(1, " + rows + ")");
	}

	Backfilling file(String content) {
		this.folder.add("V2__move.backfill.sql", content);
		return this;
	}

	Backfilling file(String name, String content) {
		this.folder.add(name, content);
		return this;
	}

	void remove(String name) {
		this.folder.remove(name);
	}

	Tidemark.Builder builder() {
		return this.folder.tidemark(this.database).throttleSettings(OFF);
	}

	Tidemark instanceOf(String role, String password) {
		return Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), role, password))
			.locations(this.folder.location())
			.throttleSettings(OFF)
			.build();
	}

	/** Returns an instance that has its connections from elsewhere. */
	Tidemark instanceOver(DataSource connections) {
		return Tidemark.builder(ConnectionSource.of(connections))
			.locations(this.folder.location())
			.throttleSettings(OFF)
			.build();
	}

	Backfilling add(String name, String content) {
		this.folder.add(name, content);
		return this;
	}

	Tidemark instance() {
		return builder().build();
	}

	BackfillProgress work() {
		return instance().backfills().work(BackfillScope.ALL).get(0);
	}

	CompletableFuture<List<BackfillProgress>> begin(Tidemark instance) {
		return OwnThread.supply(() -> instance.backfills().work(BackfillScope.ALL));
	}

	BackfillProgress progress() {
		return instance().backfills().progress().get(0);
	}

	BackfillProgress control(Action action) {
		return instance().backfills().control(decision(action));
	}

	static BackfillControl decision(Action action) {
		return new BackfillControl(VERSION, action, "because", null);
	}

	void awaitBatches(long batches) {
		Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> progress().counts().batches() >= batches);
	}

	void awaitState(BackfillState state) {
		Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> progress().state() == state);
	}

}
