package dev.tidemark.autoconfigure.code;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.aot.AotDetector;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.Configurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.SpringProperties;
import org.springframework.core.io.InputStreamSource;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;
import org.springframework.util.ClassUtils;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.actuate.BackfillDescriptor;
import dev.tidemark.autoconfigure.actuate.DryRunDescriptor;
import dev.tidemark.autoconfigure.actuate.MigrationDescriptor;
import dev.tidemark.autoconfigure.actuate.MigrationsDescriptor;
import dev.tidemark.autoconfigure.actuate.MigrationsEndpointAutoConfiguration;
import dev.tidemark.autoconfigure.actuate.MigrationsHealthContributorAutoConfiguration;
import dev.tidemark.autoconfigure.actuate.PausedDescriptor;
import dev.tidemark.autoconfigure.actuate.RefusalDescriptor;
import dev.tidemark.autoconfigure.actuate.UndoDescriptor;
import dev.tidemark.autoconfigure.backfill.BackfillLifecycle;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.autoconfigure.metrics.TidemarkMetricsAutoConfiguration;
import dev.tidemark.autoconfigure.properties.BackfillProperties;
import dev.tidemark.autoconfigure.properties.LocksProperties;
import dev.tidemark.autoconfigure.properties.ResolveProperties;
import dev.tidemark.autoconfigure.properties.TidemarkProperties;
import dev.tidemark.autoconfigure.properties.UndoProperties;
import dev.tidemark.autoconfigure.start.TidemarkAutoConfiguration;
import dev.tidemark.autoconfigure.start.TidemarkDatabasesAutoConfiguration;
import dev.tidemark.autoconfigure.unregistered.migration.AddPhone;
import dev.tidemark.migration.CodeBackfill;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.KeysOfBatch;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.connect.KeepAliveSocketFactory;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Processes a context ahead of time, and starts the generated code where files are found
 * by their names only, as in a native image.
 */
@ExtendWith(PostgresExtension.class)
class AotTests {

	private static final String DEFAULT = "db/migration";

	private final TestGenerationContext generation = new TestGenerationContext();

	private ClassName process(TestDatabase database, String... properties) {
		return process(this.generation, database, properties);
	}

	private static ClassName process(DefaultGenerationContext generation, TestDatabase database, String... properties) {
		return processWith((context) -> {
		}, generation, database, properties);
	}

	private static ClassName processWith(Consumer<AnnotationConfigApplicationContext> application,
			DefaultGenerationContext generation, TestDatabase database, String... properties) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			application.accept(context);
			TestPropertyValues.of(Runners.dataSource(database)).and(properties).applyTo(context);
			context.register(Configurations.getClasses(AutoConfigurations.of(TidemarkAutoConfiguration.class,
					TidemarkDatabasesAutoConfiguration.class, DataSourceAutoConfiguration.class,
					MigrationsEndpointAutoConfiguration.class, MigrationsHealthContributorAutoConfiguration.class,
					MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
					SimpleMetricsExportAutoConfiguration.class, TidemarkMetricsAutoConfiguration.class)));
			return new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
	}

	private RuntimeHints hints() {
		return this.generation.getRuntimeHints();
	}

	private String index(String location) throws IOException {
		return this.generation.getGeneratedFiles().getGeneratedFileContent(Kind.RESOURCE, location + "/tidemark.index");
	}

	@SuppressWarnings("unchecked")
	private void start(ClassName initializer, TestDatabase database, Consumer<GenericApplicationContext> test,
			String... properties) {
		this.generation.writeGeneratedContent();
		TestCompiler.forSystem().with(this.generation).compile((compiled) -> {
			ClassLoader original = ClassUtils.overrideThreadContextClassLoader(
					new Image(compiled.getClassLoader(), this.generation.getGeneratedFiles()));
			SpringProperties.setFlag(AotDetector.AOT_ENABLED);
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				TestPropertyValues.of(Runners.dataSource(database)).and(properties).applyTo(context);
				compiled.getInstance(ApplicationContextInitializer.class, initializer.toString()).initialize(context);
				context.refresh();
				test.accept(context);
			}
			finally {
				SpringProperties.setProperty(AotDetector.AOT_ENABLED, null);
				Thread.currentThread().setContextClassLoader(original);
			}
		});
	}

	@Test
	void keepsTheFilesOfTheDefaultLocationWithTheirIndex(TestDatabase database) throws IOException {
		process(database);

		assertThat(RuntimeHintsPredicates.resource().forResource("db/migration/deep/V1__create_customer.sql"))
			.accepts(hints());
		assertThat(RuntimeHintsPredicates.resource().forResource("db/migration/tidemark.index")).accepts(hints());
		assertThat(index(DEFAULT)).contains("V1__create_customer.sql\n")
			.contains("V2__add_email.sql\n")
			.contains("R__customer_names.sql\n");
	}

	@Test
	void keepsWhatTheDriverMakesByItsName(TestDatabase database) {
		process(database);

		assertThat(RuntimeHintsPredicates.reflection()
			.onType(KeepAliveSocketFactory.class)
			.withMemberCategory(MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS)).accepts(hints());
	}

	@Test
	void keepsTheFilesOfTheConfiguredLocationsOnly(TestDatabase database) throws IOException {
		process(database, "tidemark.locations=classpath:migrations,filesystem:/migrations,nowhere");

		assertThat(RuntimeHintsPredicates.resource().forResource("migrations/second/V1__create_invoice.sql"))
			.accepts(hints());
		assertThat(RuntimeHintsPredicates.resource().forResource("db/migration/V1__create_customer.sql"))
			.rejects(hints());
		assertThat(index("migrations")).contains(" second/V1__create_invoice.sql\n");
		assertThat(this.generation.getGeneratedFiles().getGeneratedFiles(Kind.RESOURCE).keySet())
			.filteredOn((file) -> file.endsWith("tidemark.index"))
			.containsExactly("migrations/tidemark.index");
	}

	@Test
	void contributesNothingWhenDisabled(TestDatabase database) {
		process(database, "tidemark.enabled=false");

		assertThat(RuntimeHintsPredicates.resource().forResource("db/migration/V1__create_customer.sql"))
			.rejects(hints());
		assertThat(this.generation.getGeneratedFiles().getGeneratedFiles(Kind.RESOURCE).keySet())
			.noneMatch((file) -> file.endsWith("tidemark.index"));
	}

	@Test
	void twoContextsOfOneBuildShareTheirIndex(TestDatabase database) throws IOException {
		process(database);
		String index = index(DEFAULT);

		process(this.generation.withName("Other"), database);

		assertThat(index(DEFAULT)).isEqualTo(index);
	}

	@Test
	void propertiesCanBeBoundAndTheEndpointCanAnswer(TestDatabase database) {
		process(database, "management.endpoints.web.exposure.include=*");

		assertThat(List.of(TidemarkProperties.class, LocksProperties.class, ResolveProperties.class,
				UndoProperties.class, BackfillProperties.class))
			.allSatisfy((type) -> assertThat(
					RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
				.accepts(hints()));
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(MigrationsDescriptor.TidemarkDescriptor.class, "currentVersion")).accepts(hints());
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(MigrationDescriptor.StatementDescriptor.class, "excerpt")).accepts(hints());
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(UndoDescriptor.UndoneDescriptor.class, "version")).accepts(hints());
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(BackfillDescriptor.SignalDescriptor.class, "verdict")).accepts(hints());
		assertThat(
				RuntimeHintsPredicates.reflection().onMethodInvocation(DryRunDescriptor.BatchDescriptor.class, "plans"))
			.accepts(hints());
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(PausedDescriptor.class, "paused"))
			.accepts(hints());
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(RefusalDescriptor.class, "problems"))
			.accepts(hints());
	}

	@Test
	@CompileWithForkedClassLoader
	void theGeneratedContextMigratesNestedFoldersOfAnImage(TestDatabase database) {
		ClassName initializer = process(database, "tidemark.locations=classpath:db");

		start(initializer, database,
				(context) -> assertThat(database.rows("SELECT script, state FROM tidemark_history ORDER BY rank"))
					.containsExactly("db/migration/V1__create_customer.sql|applied",
							"db/migration/V2__add_email.sql|applied", "db/migration/R__customer_names.sql|applied"),
				"tidemark.locations=classpath:db", "tidemark.locks.max-duration=1s", "tidemark.run.target=2");
	}

	@Test
	@CompileWithForkedClassLoader
	void theGeneratedContextMigratesDatabases(TestDatabase database) {
		String[] properties = { "tidemark.databases.one.schema=one", "tidemark.databases.two.tenants.schemas=acme",
				"tidemark.databases.two.locations=db/migration" };
		ClassName initializer = process(database, properties);

		start(initializer, database, (context) -> {
			assertThat(context.getBean("oneTidemark")).isInstanceOf(Tidemark.class);
			assertThat(database.value("SELECT count(*) FROM one.tidemark_history")).isEqualTo("3");
			assertThat(database.value("SELECT count(*) FROM acme.tidemark_history")).isEqualTo("3");
		}, properties);
	}

	@Test
	@CompileWithForkedClassLoader
	void theGeneratedContextHasHealthAndMeters(TestDatabase database) {
		ClassName initializer = process(database);

		start(initializer, database, (context) -> {
			HealthIndicator health = (HealthIndicator) context.getBean("migrationsHealthContributor");
			assertThat(health.health().getStatus()).isEqualTo(Status.UP);
			assertThat(context.getBean(MeterRegistry.class)
				.get("tidemark.migrations")
				.tags("tidemark", "tidemark", "state", "applied")
				.gauge()
				.value()).isEqualTo(3);
		});
	}

	@Test
	@CompileWithForkedClassLoader
	void theGeneratedContextKnowsWhichCodeNobodyHasRegistered(TestDatabase database) {
		ClassName initializer = processWith(
				(context) -> AutoConfigurationPackages.register(context, AddPhone.class.getPackageName()),
				this.generation, database);

		assertThat(this.generation.getGeneratedFiles().getGeneratedFiles(Kind.RESOURCE))
			.containsKey(BuiltCode.RESOURCE);
		assertThatThrownBy(() -> start(initializer, database, (context) -> {
		})).rootCause().hasMessageContaining("TM-COD-006").hasMessageContaining(AddPhone.class.getName());
		assertThat(database.value("SELECT to_regclass('tidemark_history')")).isNull();
	}

	@Test
	@CompileWithForkedClassLoader
	void theGeneratedContextWorksOnABackfillThatIsABean(TestDatabase database) {
		Tidemark.builder(ConnectionSource.of(database.jdbcUrl(), database.user(), database.password()))
			.build()
			.migrate();
		database.execute("INSERT INTO customer (name) SELECT 'n' || i FROM generate_series(1, 500) i");
		ClassName initializer = processWith((context) -> context.register(NumberEmails.class), this.generation,
				database);

		start(initializer, database, (context) -> {
			run(context.getBean(BackfillLifecycle.class));

			assertThat(database.rows("SELECT email, count(*) FROM customer GROUP BY 1 ORDER BY 2"))
				.containsExactly("ada@example.com!|1", "!|500");
			assertThat(database.value("SELECT phase FROM tidemark_history WHERE version = '3'")).isEqualTo("backfill");
			assertThat(context.getBean(NumberEmails.class).batches()).isPositive();
		}, "tidemark.backfill.reads=ready");
	}

	@Test
	void keepsTheFilesOfAllDatabases(TestDatabase database) throws IOException {
		process(database, "tidemark.databases.one.schema=one", "tidemark.databases.two.schema=two",
				"tidemark.databases.two.locations=classpath:migrations/second");

		assertThat(index(DEFAULT)).contains("V1__create_customer.sql");
		assertThat(index("migrations/second")).contains("V1__create_invoice.sql");
	}

	private static void run(BackfillLifecycle lifecycle) {
		try {
			lifecycle.run(new DefaultApplicationArguments());
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** A backfill that is made by the generated code, with what it needs. */
	public static class NumberEmails implements CodeBackfill {

		private final AtomicInteger batches = new AtomicInteger();

		private final String mark;

		public NumberEmails(@Value("${mark:!}") String mark) {
			this.mark = mark;
		}

		@Override
		public MigrationVersion version() {
			return MigrationVersion.of("3");
		}

		@Override
		public String table() {
			return "customer";
		}

		@Override
		public void run(KeysOfBatch batch, JdbcContext jdbc) {
			this.batches.incrementAndGet();
			jdbc.client()
				.sql("UPDATE customer SET email = coalesce(email, '') || :mark WHERE " + batch.condition())
				.param("mark", this.mark)
				.update();
		}

		int batches() {
			return this.batches.get();
		}

	}

	/** Finds files by their names and lists no folder of migrations. */
	private static final class Image extends ClassLoader {

		private final InMemoryGeneratedFiles generated;

		Image(ClassLoader parent, InMemoryGeneratedFiles generated) {
			super(parent);
			this.generated = generated;
		}

		@Override
		public Enumeration<URL> getResources(String name) throws IOException {
			if (!name.startsWith("db")) {
				return super.getResources(name);
			}
			List<InputStreamSource> files = new ArrayList<>();
			InputStreamSource index = this.generated.getGeneratedFile(Kind.RESOURCE, name);
			if (index != null) {
				files.add(index);
			}
			else if (!name.endsWith("/")) {
				Collections.list(super.getResources(name)).forEach((url) -> files.add(url::openStream));
			}
			return Collections.enumeration(files.stream().map((file) -> image(name, file)).toList());
		}

		private static URL image(String name, InputStreamSource file) {
			try {
				return new URL(null, "resource:/" + name, new URLStreamHandler() {

					@Override
					protected URLConnection openConnection(URL url) {
						return new URLConnection(url) {

							@Override
							public void connect() {
							}

							@Override
							public InputStream getInputStream() throws IOException {
								return file.getInputStream();
							}

						};
					}

				});
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
