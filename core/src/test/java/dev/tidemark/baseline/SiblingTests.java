package dev.tidemark.baseline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.run.RunResult;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Two instances with histories of their own in one schema.
 */
@ExtendWith(PostgresExtension.class)
class SiblingTests {

	private final TestDatabase database;

	private final List<Tidemark> all = new ArrayList<>();

	private MigrationFolder catalogFiles;

	private MigrationFolder orderFiles;

	SiblingTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void files(@TempDir Path catalog, @TempDir Path orders) {
		this.catalogFiles = new MigrationFolder(catalog).add("V1__product.sql", "CREATE TABLE product (id int)");
		this.orderFiles = new MigrationFolder(orders).add("V1__orders.sql", "CREATE TABLE orders (id int)");
	}

	private Tidemark.Builder catalog() {
		return this.catalogFiles.tidemark(this.database)
			.historyTable("tm_catalog")
			.application("catalog-service", null, "test");
	}

	private Tidemark.Builder orders() {
		return this.orderFiles.tidemark(this.database)
			.historyTable("tm_orders")
			.settingsPrefix("tidemark.databases.orders.")
			.siblings(() -> this.all);
	}

	private Tidemark known(Tidemark.Builder builder) {
		Tidemark tidemark = builder.build();
		this.all.add(tidemark);
		return tidemark;
	}

	private static TidemarkException refusal(Tidemark.Builder builder) {
		TidemarkException refusal = catchThrowableOfType(TidemarkException.class, builder.build()::migrate);
		assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_EMPTY);
		return refusal;
	}

	@Test
	void whatASiblingHasMadeInAnEmptySchemaIsNoForeignContent() {
		known(catalog()).migrate();

		RunResult result = known(orders()).migrate();

		assertThat(result.applied()).hasSize(1);
		assertThat(this.database.value("SELECT count(*) FROM tm_orders")).isEqualTo("1");
	}

	@Test
	void aPlanBesideASiblingHasNothingToRefuse() {
		known(catalog()).migrate();

		assertThat(known(orders()).plan().errors()).isEmpty();
	}

	@Test
	void aSiblingIsKnownByItsDatabaseWhoeverTheUserIs() {
		this.database.execute("CREATE ROLE " + role() + " SUPERUSER LOGIN PASSWORD 'x'");
		known(catalog().role(null)).migrate();
		Tidemark orders = known(Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), role(), "x"))
			.locations(this.orderFiles.location())
			.historyTable("tm_orders")
			.siblings(() -> this.all));

		assertThat(orders.migrate().applied()).hasSize(1);
		this.database.execute("DROP OWNED BY " + role() + "; DROP ROLE " + role());
	}

	private String role() {
		return "r_" + this.database.name();
	}

	@Test
	void aSiblingAccountsForItsFurtherSchemasToo() {
		this.catalogFiles.add("V2__shared.sql", "CREATE TABLE shared.product (id int)");
		known(catalog().schemas(List.of("catalog", "shared"))).migrate();

		Tidemark orders = known(orders().schemas(List.of("orders", "shared")));

		assertThat(orders.migrate().applied()).hasSize(1);
	}

	@Test
	void whatLiesInASchemaOfNoSiblingIsRefused() {
		this.database.execute("CREATE SCHEMA orders; CREATE TABLE orders.old (id int)");
		known(catalog().schemas(List.of("catalog", "shared"))).migrate();
		this.database.execute("CREATE TABLE shared.made_by_hand (id int)");

		assertThat(refusal(orders().schemas(List.of("orders", "shared"))))
			.hasMessageContaining("The schema orders has no history, but 1 table (orders.old).");
	}

	@Test
	void anUnknownHistoryIsRefusedWithWhoseItIsAndTheRightSettings() {
		catalog().build().migrate();

		assertThat(refusal(orders()))
			.hasMessageContaining("The schema public has no history, but 2 tables (public.product, public.tm_catalog).")
			.hasMessageContaining("There is a history of other migrations: public.tm_catalog"
					+ " (of the application catalog-service, at version 1).")
			.hasMessageContaining("set tidemark.databases.orders.history.table to the name of its table")
			.hasMessageContaining("tidemark.databases.orders.baseline.version=<version>")
			.hasMessageContaining("tidemark.databases.orders.baseline.version=0")
			.hasMessageNotContaining("tidemark.baseline.version");
		assertThat(this.database.value("SELECT to_regclass('orders')")).isNull();
	}

	@Test
	void aMistypedHistoryTableRunsNothingAgainBesideASiblingEither() {
		known(catalog()).migrate();
		orders().build().migrate();

		assertThat(refusal(orders().historyTable("tm_order"))).hasMessageContaining("public.tm_orders (of an unnamed")
			.hasMessageContaining("public.tm_catalog (of the application catalog-service");
	}

	@Test
	void aSiblingThatBeganBesideSomethingAccountsForNothing() {
		this.database.execute("CREATE TABLE orders (id int)");
		known(catalog().baseline(Baseline.NOTHING, "beside what is there")).migrate();

		assertThat(refusal(orders())).hasMessageContaining("public.orders, public.product, public.tm_catalog");
	}

	@Test
	void aSiblingThatHasRunNothingAccountsForNothing() {
		this.catalogFiles.remove("V1__product.sql").add("R__nothing.sql", "SELECT 1");
		known(catalog()).migrate();
		this.database.execute("CREATE TABLE orders (id int)");

		assertThat(refusal(orders())).hasMessageContaining("tm_catalog (of the application catalog-service, without");
	}

	@ParameterizedTest
	@ValueSource(strings = { "flyway_schema_history", "databasechangelog" })
	void whatAnotherToolHasMadeBesideASiblingIsRefused(String history) {
		known(catalog()).migrate();
		this.database.execute("CREATE TABLE " + history + " (id int); CREATE TABLE orders (id int)");

		assertThat(refusal(orders())).hasMessageContaining("public." + history);
	}

	@Test
	void aSiblingOfAnotherDatabaseDoesNotKnowWhatIsHere() {
		catalog().build().migrate();
		try (TestDatabase other = PostgresServer.shared().createDatabase()) {
			known(this.catalogFiles.tidemark(other).historyTable("tm_catalog")).migrate();

			assertThat(refusal(orders())).hasMessageContaining("public.tm_catalog (of the application catalog-service");
		}
	}

	@Test
	void aSiblingWhoseHistoryMayNotBeReadAccountsForNothing() {
		known(catalog()).migrate();
		this.database.execute("CREATE ROLE " + role() + "; GRANT ALL ON SCHEMA public TO " + role());

		TidemarkException refusal = refusal(orders().role(role()));

		this.database.execute("DROP OWNED BY " + role() + "; DROP ROLE " + role());
		assertThat(refusal).hasMessageContaining("public.tm_catalog (which this role may not read)");
	}

	@Test
	void tenantsOfTwoInstancesShareTheirSchemas() {
		TenantSchemas schemas = () -> List.of("acme", "globex");
		Tenants catalog = Tenants.builder(known(catalog()), schemas).build();
		Tenants orders = Tenants.builder(known(orders()), schemas).build();

		catalog.migrate();
		orders.migrate();

		assertThat(this.database.value("SELECT count(*) FROM acme.tm_orders")).isEqualTo("1");
		assertThat(this.database.value("SELECT count(*) FROM globex.tm_orders")).isEqualTo("1");
	}

}
