package dev.tidemark.migrate;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.RunListener;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Ids are those that one session gives, whatever a sequence has cached.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(60)
class SequenceTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	SequenceTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", """
				CREATE SEQUENCE order_no CACHE 20;
				CREATE TABLE orders (id bigint PRIMARY KEY DEFAULT nextval('order_no'), name text)""");
	}

	private List<String> orders() {
		return this.database.rows("SELECT id, name FROM orders ORDER BY id");
	}

	@Test
	void oneMigrationGoesOnWithWhatAnotherHasCached() {
		this.folder.add("V2__b.sql", "INSERT INTO orders (name) VALUES ('first')")
			.add("V3__c.sql", "INSERT INTO orders (name) VALUES ('second')")
			.add("V4__d.sql", "UPDATE orders SET name = 'second, corrected' WHERE id = 2");

		this.folder.tidemark(this.database).build().migrate();

		assertThat(orders()).containsExactly("1|first", "2|second, corrected");
	}

	@Test
	void aFileThatCommitsInBetweenDoesToo() {
		this.folder
			.add("V2__b.sql",
					"INSERT INTO orders (name) VALUES ('first'); VACUUM orders;"
							+ " INSERT INTO orders (name) VALUES ('second')")
			.add("V3__c.sql", "INSERT INTO orders (name) VALUES ('third')")
			.add("afterEachMigrate.sql", "SELECT 1");

		this.folder.tidemark(this.database).build().migrate();

		assertThat(orders()).containsExactly("1|first", "2|second", "3|third");
	}

	/** What is rolled back is not given again, nor is anything else left out. */
	@Test
	void anAttemptThatDidNotGetItsLockLeavesOutOnlyWhatItTook() throws Exception {
		this.folder.add("V2__b.sql", "INSERT INTO orders (name) VALUES ('first')");
		this.folder.tidemark(this.database).build().migrate();
		this.database.execute("CREATE TABLE busy (x int)");
		this.folder.add("V3__c.sql", "SELECT nextval('order_no')")
			.add("V4__d.sql", "INSERT INTO orders (name) VALUES ('second');"
					+ " DO $$ BEGIN EXECUTE 'LOCK TABLE ' || 'busy'; END $$");
		try (Connection holder = this.database.connect(); Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			statement.execute("LOCK TABLE busy");
			this.folder.tidemark(this.database)
				.lockTimeout(Duration.ofMillis(50))
				.listener(new Release(holder))
				.build()
				.migrate();
		}

		// A session of its own has begun with 21 and 22; the second attempt takes 23.
		assertThat(orders()).containsExactly("1|first", "23|second");
	}

	@Test
	void aCallThatEndsTransactionsKeepsThemToo() {
		this.folder.add("V2__b.sql", """
				INSERT INTO orders (name) VALUES ('first');
				DO $$ BEGIN INSERT INTO orders (name) VALUES ('second'); COMMIT; END $$;
				INSERT INTO orders (name) VALUES ('third')""");

		this.folder.tidemark(this.database).build().migrate();

		// The attempt to run it in one transaction took 1 and 2.
		assertThat(orders()).containsExactly("3|first", "4|second", "5|third");
	}

	/** Lets go of the lock once somebody waits for it. */
	private record Release(Connection holder) implements RunListener {

		@Override
		public void lockNotGranted(LockWait wait) {
			try {
				this.holder.rollback();
			}
			catch (java.sql.SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
