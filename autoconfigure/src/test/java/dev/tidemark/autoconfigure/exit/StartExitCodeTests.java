package dev.tidemark.autoconfigure.exit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.ExitCodeExceptionMapper;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.fixture.BootExitCode;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the failure of a start tells Spring Boot to end the process with.
 */
@ExtendWith(PostgresExtension.class)
class StartExitCodeTests {

	private final TestDatabase database;

	@TempDir
	private Path folder;

	StartExitCodeTests(TestDatabase database) {
		this.database = database;
	}

	@ParameterizedTest
	@CsvSource({ "75, spring.datasource.url=jdbc:postgresql://localhost:1/nowhere", "75, tidemark.mode=verify",
			"78, spring.datasource.url=jdbc:postgresql://nohost.invalid/orders",
			"78, spring.datasource.url=jdbc:postgresql://localhost:port/orders",
			"78, spring.datasource.username=nobody_here", "78, tidemark.locks.timeout=-1s",
			"78, tidemark.mode=sometimes", "78, tidemark.connection.data-source=nowhere",
			"78, tidemark.databases.one.locks.wait-timeout=soon", "78, tidemark.databases.one.mode=sometimes",
			"78, tidemark.databases.one.report.file=/tmp/x", "78, tidemark.databases.one.report.termination-log=/tmp/x",
			"78, tidemark.databases.one.status.file=/tmp/x", "78, tidemark.tenants.provider=nobody",
			"78, tidemark.mode=undo", "78, tidemark.resolve.migration=1",
			"80, tidemark.locations=classpath:migrations/failing" })
	void theFailureOfAStartHasTheExitCodeOfItsProblem(int code, String property) {
		runner(property).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(BootExitCode.of(context.getStartupFailure())).isEqualTo(code);
		});
	}

	@Test
	void someTenantsThatFailedHaveAnExitCodeOfTheirOwn() throws IOException {
		Files.writeString(this.folder.resolve("V1__t.sql"),
				"SELECT 1 / (CASE WHEN current_schema() = 'acme' THEN 0 ELSE 1 END)");
		runner("tidemark.tenants.schemas=acme,globex", "tidemark.locations=filesystem:" + this.folder)
			.run((context) -> assertThat(BootExitCode.of(context.getStartupFailure())).isEqualTo(81));
	}

	@Test
	void twoDatabasesWithOneHistoryAreAWrongConfiguration() {
		runner().withBean("one", Tidemark.class, this::tidemark)
			.withBean("two", Tidemark.class, this::tidemark)
			.run((context) -> assertThat(BootExitCode.of(context.getStartupFailure())).isEqualTo(78));
	}

	@Test
	void theFailureStaysWhatItWas() {
		runner("tidemark.locations=classpath:migrations/failing").run((context) -> assertThat(context).getFailure()
			.cause()
			.isInstanceOfSatisfying(TidemarkException.class,
					(failure) -> assertThat(failure.code()).isEqualTo(ErrorCode.STATEMENT)));
	}

	@Test
	void theFailureOfARunnerThatMigratesHasTheExitCodeToo() {
		runner("tidemark.mode=off").run((context) -> {
			ExitCodeExceptionMapper mapper = context.getBean(ExitCodeExceptionMapper.class);
			assertThat(mapper.getExitCode(new IllegalStateException(
					new TidemarkException(Problem.error(ErrorCode.INSTANCE_LOCK, null, "It was not free.", "Wait.")))))
				.isEqualTo(75);
			assertThat(mapper.getExitCode(new IllegalStateException("of the application"))).isZero();
			assertThat(mapper.getExitCode(new CodeOfTheApplication(
					new TidemarkException(Problem.error(ErrorCode.INSTANCE_LOCK, null, "It was not free.", "Wait.")))))
				.isZero();
		});
	}

	@ParameterizedTest
	@CsvSource({ "plan, 75", "plan, 80", "status, 78", "status, 83" })
	void aCodeThatHasAMeaningCannotBeTheOneForWhatIsPending(String mode, int code) {
		runner("tidemark.mode=" + mode, "tidemark." + mode + ".pending-exit-code=" + code)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("tidemark." + mode + ".pending-exit-code")
				.extracting("reason")
				.asString()
				.contains("must not be one that has a meaning already: 75 (try-again-later), 78"));
	}

	private ApplicationContextRunner runner(String... properties) {
		return Runners.with(this.database).withPropertyValues(properties);
	}

	private static final class CodeOfTheApplication extends RuntimeException implements ExitCodeGenerator {

		private static final long serialVersionUID = 1L;

		CodeOfTheApplication(Throwable cause) {
			super(cause);
		}

		@Override
		public int getExitCode() {
			return 42;
		}

	}

	private Tidemark tidemark() {
		return Tidemark
			.builder(ConnectionSource.of(this.database.jdbcUrl(), this.database.user(), this.database.password()))
			.build();
	}

}
