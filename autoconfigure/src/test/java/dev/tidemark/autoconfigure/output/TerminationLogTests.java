package dev.tidemark.autoconfigure.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.support.GenericApplicationContext;

import dev.tidemark.autoconfigure.exit.UnusablePropertyException;
import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.autoconfigure.start.FailedStartListener;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class TerminationLogTests {

	@TempDir
	private Path folder;

	private Path log;

	@BeforeEach
	void create() throws IOException {
		this.log = Files.writeString(this.folder.resolve("termination-log"), "what was there before, which is long");
	}

	@Test
	void saysInOneLineWhatHappenedWhereAndWhatToDoNext() {
		write(Problem.error(ErrorCode.CHANGED, Place.position("db/V1__a.sql", 3, 7), "The file was changed.",
				"Restore the text,\nor not."));

		assertThat(this.log).content()
			.isEqualTo("TM-VAL-001 Applied file changed: The file was changed. Where: db/V1__a.sql:3:7."
					+ " Next: Restore the text, or not.");
	}

	@Test
	void saysOfWhichDatabaseAndHowManyProblemsThereAre() {
		Problem warning = Problem.warning(ErrorCode.AHEAD, null, "A newer build was here.", "Nothing.");
		Problem error = Problem.error(ErrorCode.CHANGED, null, "The file was changed.", "Restore the text.");

		new TerminationLog(this.log.toString())
			.write(new StartFailure("orders\nTM-XXX", List.of(warning, error, error, error)));

		assertThat(this.log).content()
			.isEqualTo("Database orders\\nTM-XXX: TM-VAL-001 Applied file changed: The file was changed."
					+ " Problems besides: 2. Next: Restore the text.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "xx", "xxx" })
	void isCutAtTheEndOfACharacterAndKeepsTheNextStep(String shift) throws IOException {
		write(Problem.error(ErrorCode.CHANGED, null, "\ud83d\ude00".repeat(2000),
				"Do this. " + shift + "\u20ac".repeat(4000)));

		byte[] bytes = Files.readAllBytes(this.log);
		assertThat(bytes).hasSizeBetween(2045, 2048);
		assertThat(new String(bytes, StandardCharsets.UTF_8)).doesNotContain("\ufffd").endsWith("\u2026");
	}

	@Test
	void aLongTextLeavesRoomForTheNextStep() {
		write(Problem.error(ErrorCode.CHANGED, null, "x".repeat(10_000), "Restore the text."));

		assertThat(this.log).content().endsWith("Next: Restore the text.").hasSizeLessThan(1000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "none", "", " " })
	void canBeSwitchedOff(String path) {
		new TerminationLog(path).write(failure(Problem.error(ErrorCode.CHANGED, null, "It changed.", "Restore it.")));

		assertThat(this.log).content().startsWith("what was there before");
		assertThat(Path.of("none")).doesNotExist();
	}

	@Test
	void aFileThatIsNotThereIsNotMade() {
		Path absent = this.folder.resolve("absent");

		new TerminationLog(absent.toString())
			.write(failure(Problem.error(ErrorCode.CHANGED, null, "It changed.", "Restore it.")));
		new TerminationLog(this.folder.toString())
			.write(failure(Problem.error(ErrorCode.CHANGED, null, "It changed.", "Restore it.")));

		assertThat(absent).doesNotExist();
	}

	@Test
	void aFailedStartIsTold() {
		fail(new IllegalStateException("Error creating bean", new TidemarkException(
				Problem.error(ErrorCode.AUTHENTICATION, null, "The login was refused.", "Check the password."))));

		assertThat(this.log).content()
			.isEqualTo("TM-DB-002 Login refused: The login was refused. Next: Check the password.");
	}

	@Test
	void aPropertyThatCannotBeUsedIsToldWithoutItsValue() {
		fail(new IllegalStateException(
				new UnusablePropertyException("tidemark.locks.timeout", "s3cr3t", "must not be negative")));
		assertThat(this.log).content()
			.startsWith("TM-CFG-001 Setting not usable: tidemark.locks.timeout cannot be used: must not be negative.")
			.doesNotContain("s3cr3t");

		fail(new IllegalStateException(binding("tidemark.mode")));
		assertThat(this.log).content()
			.startsWith("TM-CFG-001 Setting not usable: tidemark.mode has a value that cannot be used.")
			.doesNotContain("s3cr3t");
	}

	@Test
	void whatElseFailsInAnApplicationIsNotOurs() {
		fail(new IllegalStateException("of the application"));
		fail(new IllegalStateException(binding("server.mode")));

		assertThat(this.log).content().startsWith("what was there before");
	}

	private static BindException binding(String name) {
		return catchThrowableOfType(BindException.class,
				() -> new Binder(new MapConfigurationPropertySource(Map.of(name, "s3cr3t"))).bind(name, Mode.class));
	}

	private void write(Problem problem) {
		new TerminationLog(this.log.toString()).write(failure(problem));
	}

	private static StartFailure failure(Problem problem) {
		return new StartFailure(null, List.of(problem));
	}

	private void fail(Throwable exception) {
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			TestPropertyValues.of("tidemark.report.termination-log=" + this.log).applyTo(context);
			new FailedStartListener().onApplicationEvent(
					new ApplicationFailedEvent(new SpringApplication(Object.class), new String[0], context, exception));
		}
	}

}
