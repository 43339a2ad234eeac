package dev.tidemark.autoconfigure.start;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith({ PostgresExtension.class, OutputCaptureExtension.class })
class UnusedMigrationsTests {

	@Test
	void warnsOnceOfFilesWithoutDatabase(CapturedOutput output) {
		Runners.withoutDatabase().run((context) -> {
			assertThat(output).containsOnlyOnce("TM-CFG-002")
				.contains("There are 3 files on classpath:db/migration", "there is no DataSource",
						"Set spring.datasource.url or tidemark.connection.url", "WARN");
		});
	}

	@Test
	void speaksOfOneFileInTheSingular(@TempDir Path folder, CapturedOutput output) throws IOException {
		Files.writeString(Files.createDirectories(folder.resolve("db/migration")).resolve("V1__a.sql"), "SELECT 1");
		ClassLoader classLoader = new URLClassLoader(new URL[] { folder.toUri().toURL() }, null);
		new UnusedMigrationsWarning(new MockEnvironment()).postProcessBeanFactory(beanFactory(classLoader));
		assertThat(output).contains("There is a file on classpath:db/migration, but nothing will run it: ");
	}

	@Test
	void warnsOfFilesWithoutDriver(TestDatabase database, CapturedOutput output) {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.connection.url=" + database.jdbcUrl())
			.withClassLoader(new FilteredClassLoader("org.postgresql"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).containsOnlyOnce("TM-CFG-002")
					.contains("the PostgreSQL driver is not on the class path", "Add org.postgresql:postgresql");
			});
	}

	@Test
	void isSilentIfTheFilesRun(TestDatabase database, CapturedOutput output) {
		Runners.with(database).run((context) -> assertThat(output).doesNotContain("TM-CFG-002"));
	}

	@Test
	void isSilentIfTidemarkIsDisabled(CapturedOutput output) {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.enabled=false")
			.run((context) -> assertThat(output).doesNotContain("TM-CFG-002"));
	}

	@Test
	void isSilentIfMigrationsAreSwitchedOff(CapturedOutput output) {
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.mode=off")
			.run((context) -> assertThat(output).doesNotContain("TM-CFG-002"));
	}

	@Test
	void isSilentWithoutFiles(CapturedOutput output) {
		ClassLoader empty = new URLClassLoader(new URL[0], null);
		new UnusedMigrationsWarning(new MockEnvironment()).postProcessBeanFactory(beanFactory(empty));
		assertThat(output).doesNotContain("TM-CFG-002");
	}

	private static DefaultListableBeanFactory beanFactory(ClassLoader classLoader) {
		DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();
		beanFactory.setBeanClassLoader(classLoader);
		return beanFactory;
	}

}
