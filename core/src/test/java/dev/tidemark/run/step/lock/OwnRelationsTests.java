package dev.tidemark.run.step.lock;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlScript;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which tables a run knows as its own.
 */
class OwnRelationsTests {

	private static final QualifiedName ORDERS = new QualifiedName(null, "orders");

	private final OwnRelations own = new OwnRelations();

	private static LockNeeds migration(String sql) {
		return new LockNeeds(SqlScript.parse(sql).statements(), LockNeeds.Extent.MIGRATION, null);
	}

	private boolean isOwn(String sql) {
		return this.own.within(migration(sql)).test(ORDERS);
	}

	@Test
	void whatItHasCreatedIsItsOwn() {
		assertThat(isOwn("DROP TABLE orders")).isFalse();
		this.own.add(migration("CREATE TABLE orders (id int); CREATE INDEX ON orders (id)"));

		assertThat(isOwn("DROP TABLE orders")).isTrue();
		assertThat(this.own.within(migration("DROP TABLE a.orders")).test(new QualifiedName("a", "orders"))).isFalse();
	}

	@Test
	void whatMayHaveBeenThereBeforeIsNot() {
		this.own.add(migration("CREATE TABLE IF NOT EXISTS orders (id int)"));

		assertThat(isOwn("DROP TABLE orders")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER TABLE old_orders RENAME TO orders", "ALTER TABLE other.orders SET SCHEMA public",
			"DO $$ BEGIN ALTER TABLE old_orders RENAME TO orders; END $$", "CALL rename_orders()", "" })
	void afterWhatMayHaveRenamedTablesNothingIs(String rename) {
		this.own.add(migration("CREATE TABLE orders (id int)"));
		this.own.add(migration(rename));

		assertThat(isOwn("DROP TABLE orders")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET search_path = other", "SELECT set_config('search_path', 'other', false)" })
	void whereNamesMayMeanSomethingElseNothingIs(String path) {
		this.own.add(migration("CREATE TABLE orders (id int)"));
		assertThat(isOwn(path + "; DROP TABLE orders")).isFalse();
		this.own.add(migration(path + "; CREATE TABLE items (id int)"));

		assertThat(isOwn("DROP TABLE orders")).isTrue();
		assertThat(this.own.within(migration("DROP TABLE items")).test(new QualifiedName(null, "items"))).isFalse();
	}

	@Test
	void aPartOfAMigrationKnowsNone() {
		this.own.add(migration("CREATE TABLE orders (id int)"));

		assertThat(this.own.within(new LockNeeds(List.of(), LockNeeds.Extent.TRANSACTION, null)).test(ORDERS))
			.isFalse();
	}

}
