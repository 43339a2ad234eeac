package dev.tidemark.test.clone;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.start.TidemarkAutoConfiguration;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(PostgresExtension.class)
@Timeout(120)
class ClonedDatabaseTests {

	private final TestDatabase original;

	private final Migrations migrations;

	private final ApplicationContextRunner withoutUrl;

	private final ApplicationContextRunner contexts;

	ClonedDatabaseTests(TestDatabase original, @TempDir Path folder) {
		this.original = original;
		this.migrations = new Migrations(folder).add("V1__item.sql", "CREATE TABLE item (id int PRIMARY KEY)");
		this.withoutUrl = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, TidemarkAutoConfiguration.class,
					ClonedDatabaseAutoConfiguration.class))
			.withPropertyValues("tidemark.test.clone.enabled=true", "tidemark.locations=" + this.migrations.location());
		this.contexts = this.withoutUrl.withPropertyValues("spring.datasource.url=" + original.jdbcUrl(),
				"spring.datasource.username=" + original.user(), "spring.datasource.password=" + original.password());
	}

	@Test
	void theDataSourceLeadsToAMigratedClone() {
		this.contexts.run((context) -> {
			assertThat(database(context)).startsWith("tidemark_clone_");
			assertThat(value(context, "SELECT count(*) FROM item")).isEqualTo("0");
			assertThat(this.original.value("SELECT to_regclass('item')")).isNull();
		});
	}

	@Test
	void theCloneIsDroppedWithItsContext() {
		AtomicReference<String> clone = new AtomicReference<>();
		this.contexts.run((context) -> clone.set(database(context)));

		assertThat(clone.get()).startsWith("tidemark_clone_");
		assertThat(Migrations.databases(this.original)).doesNotContain(clone.get());
	}

	@Test
	void aContextThatFailsLeavesNoClone() {
		AtomicReference<String> clone = new AtomicReference<>();
		this.contexts.withUserConfiguration(Broken.class)
			.withBean(AtomicReference.class, () -> clone)
			.run((context) -> assertThat(context).hasFailed());

		assertThat(clone.get()).startsWith("tidemark_clone_");
		assertThat(Migrations.databases(this.original)).doesNotContain(clone.get());
	}

	@Test
	void twoContextsHaveTwoClonesOfOneTemplate() {
		this.contexts.run((first) -> this.contexts.run((second) -> {
			assertThat(database(first)).isNotEqualTo(database(second));
			String maker = "SELECT DISTINCT deployment_id FROM tidemark_history";
			assertThat(value(first, maker)).isEqualTo(value(second, maker));
		}));
	}

	@Test
	void migrationsThatFailAreToldAsAlways() {
		this.migrations.add("V2__wrong.sql", "CREATE TABLE item (id int)");

		this.contexts.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(SQLException.class)
			.hasMessageContaining("already exists"));
	}

	@Test
	void migrationsHaveTheirOwnRoleInTheCloneToo() {
		this.original.execute("CREATE ROLE clone_owner LOGIN PASSWORD 'owner-secret' CREATEDB");
		try {
			this.contexts
				.withPropertyValues("tidemark.connection.user=clone_owner", "tidemark.connection.password=owner-secret")
				.run((context) -> {
					assertThat(value(context, "SELECT tableowner FROM pg_tables WHERE tablename = 'item'"))
						.isEqualTo("clone_owner");
					assertThat(value(context, "SELECT current_user")).isEqualTo(this.original.user());
				});
		}
		finally {
			Spares.dropAll();
			this.original.rows("SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = 'clone_owner'")
				.forEach((name) -> {
					this.original.execute("ALTER DATABASE " + name + " IS_TEMPLATE false");
					this.original.execute("DROP DATABASE " + name);
				});
			this.original.execute("DROP ROLE clone_owner");
		}
	}

	@Test
	void aUrlOfItsOwnLeadsToTheCloneToo() {
		this.contexts.withPropertyValues("tidemark.connection.url=" + this.original.jdbcUrl())
			.run((context) -> assertThat(context.getBean(Tidemark.class).connections().database())
				.contains(database(context)));
	}

	@Test
	void connectionDetailsOfAnyKindLeadToTheClone() {
		this.withoutUrl.withBean(JdbcConnectionDetails.class, this::details)
			.run((context) -> assertThat(database(context)).startsWith("tidemark_clone_"));
	}

	@Test
	void aSecondDatabaseIsLeftAlone() {
		this.contexts
			.withBean("details", JdbcConnectionDetails.class, this::details,
					(definition) -> definition.setPrimary(true))
			.withBean("second", JdbcConnectionDetails.class, this::details)
			.run((context) -> {
				assertThat(database(context)).startsWith("tidemark_clone_");
				assertThat(context.getBean("second", JdbcConnectionDetails.class).getJdbcUrl())
					.isEqualTo(this.original.jdbcUrl());
			});
	}

	@Test
	void theTemplateMayBeginAsACopy() {
		this.original.execute("CREATE TABLE colour AS SELECT 'red' AS name");

		this.contexts
			.withPropertyValues("tidemark.test.clone.from=" + this.original.name(), "tidemark.baseline.version=0")
			.run((context) -> assertThat(value(context, "SELECT name FROM colour")).isEqualTo("red"));
	}

	@Test
	void withoutThePropertyNothingIsCloned() {
		this.contexts.withPropertyValues("tidemark.test.clone.enabled=false")
			.run((context) -> assertThat(database(context)).isEqualTo(this.original.name()));
	}

	@Test
	void aContextWithoutADatabaseStarts() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ClonedDatabaseAutoConfiguration.class))
			.withPropertyValues("tidemark.test.clone.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void aDataSourceThatNoDetailsNameIsRefused() {
		this.withoutUrl.withBean(DataSource.class, this::dataSource).run(this::assertRefused);
	}

	@Test
	void aDataSourceThatOnlyMigrationsDoNotUseIsRefused() {
		this.withoutUrl.withBean(DataSource.class, this::dataSource)
			.withPropertyValues("tidemark.connection.url=" + this.original.jdbcUrl(),
					"tidemark.connection.user=" + this.original.user(),
					"tidemark.connection.password=" + this.original.password())
			.run(this::assertRefused);
	}

	@Test
	void severalTidemarksAreRefused() {
		this.contexts.withBean("one", Tidemark.class, this::elsewhere)
			.withBean("two", Tidemark.class, this::elsewhere)
			.run(this::assertRefused);
	}

	@Test
	void tenantsAreRefused() {
		this.contexts
			.withBean(Tenants.class, () -> Tenants.builder(elsewhere(), TenantSchemas.of(List.of("acme"))).build())
			.run(this::assertRefused);
	}

	@Test
	void aTidemarkThatConnectsElsewhereIsRefused() {
		this.contexts.withBean(Tidemark.class, this::elsewhere).run(this::assertRefused);
	}

	private void assertRefused(AssertableApplicationContext context) {
		assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(TidemarkException.class,
					(ex) -> assertThat(ex.code()).isEqualTo(ErrorCode.CLONE_IMPOSSIBLE));
	}

	private Tidemark elsewhere() {
		return Tidemark
			.builder(ConnectionSource.of(this.original.jdbcUrl(), this.original.user(), this.original.password()))
			.build();
	}

	private DataSource dataSource() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.original.jdbcUrl());
		dataSource.setUser(this.original.user());
		dataSource.setPassword(this.original.password());
		return dataSource;
	}

	private JdbcConnectionDetails details() {
		return new JdbcConnectionDetails() {

			@Override
			public String getUsername() {
				return ClonedDatabaseTests.this.original.user();
			}

			@Override
			public String getPassword() {
				return ClonedDatabaseTests.this.original.password();
			}

			@Override
			public String getJdbcUrl() {
				return ClonedDatabaseTests.this.original.jdbcUrl();
			}

		};
	}

	@Configuration(proxyBeanMethods = false)
	static class Broken {

		@Bean
		@DependsOnDatabaseInitialization
		Object broken(HikariDataSource dataSource, AtomicReference<String> clone) {
			clone.set(Query.value(dataSource, "SELECT current_database()"));
			throw new IllegalStateException("broken");
		}

	}

	private static String database(ApplicationContext context) {
		return value(context, "SELECT current_database()");
	}

	private static String value(ApplicationContext context, String sql) {
		return Query.value(context.getBean(HikariDataSource.class), sql);
	}

}
