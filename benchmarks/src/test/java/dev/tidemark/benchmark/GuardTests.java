package dev.tidemark.benchmark;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.tidemark.author.NewMigration;
import dev.tidemark.run.Redo;
import dev.tidemark.run.UndoRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The guard of speed: round trips, queries and classes loaded are as many as
 * {@code figures.txt} says, neither more nor, unsaid, fewer.
 */
class GuardTests {

	/** A machine under load makes a run look after its statements now and then. */
	private static final int ATTEMPTS = 3;

	private static final Corpus HUNDRED = Corpus.generated(100);

	private static final Scenario IDLE = Scenario.nothingPending("idle-start", "Nothing pending", Launch.LIBRARY,
			HUNDRED);

	/** What only developers, CI, an undo or a failure need. */
	private static final Pattern NOT_AT_AN_IDLE_START = Pattern
		.compile("dev\\.tidemark\\.(?:author|adopt|rehearse|rollout|run\\.recovery)\\..+"
				+ "|dev\\.tidemark\\.(?:.+\\.)?(?:Undo|Redo|Rebuild|Inverse|Released|NewMigration|Scaffold|Git|Recovery|Verdict)\\w*");

	private static final Path TARGET = target();

	@TempDir
	private static Path directory;

	private static DatabaseServer server;

	private static Trials trials;

	@BeforeAll
	static void start() throws IOException {
		server = DatabaseServer.start(directory.resolve("postgres"));
		trials = new Trials(server,
				new Packer(directory, TARGET.resolve("classes"), new Libraries(TARGET.resolve("dependencies")), false),
				new Options(List.of(), 1, "256m", null, 1, false));
		Files.createDirectories(TARGET.resolve("guard"));
	}

	@AfterAll
	static void stop() throws IOException {
		if (server != null) {
			server.close();
		}
	}

	private static Path target() {
		try {
			return Path.of(Benchmark.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent();
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static Stream<Scenario> scenarios() {
		return Stream.of(IDLE, Scenario.fresh("fresh-100", "Fresh database, 100 files", HUNDRED),
				new Scenario("one-new", "One new file on top of 100", Launch.LIBRARY, HUNDRED, Corpus.generated(101)),
				Scenario.nothingPending("boot-idle-start", "Nothing pending, Boot application", Launch.BOOT_EXTRACTED,
						HUNDRED));
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void nothingCostsMoreThanItDid(Scenario scenario) throws IOException {
		Figures figures = Figures.read();
		int version = Integer.parseInt(server.version().replaceAll("\\D.*", ""));
		Effort effort = count(scenario);
		for (int attempt = 1; attempt < ATTEMPTS && figures.areBelow(scenario.name(), version, effort); attempt++) {
			effort = effort.least(count(scenario));
		}

		assertThat(figures.differences(scenario.name(), version, effort))
			.as("%s on PostgreSQL %d (figures.txt; the classes are listed in %s)", scenario.name(), version,
					list(scenario))
			.isEmpty();
	}

	private static Effort count(Scenario scenario) throws IOException {
		Path log = directory.resolve(scenario.name() + ".log");
		Effort effort = trials.count(scenario, Contestant.TIDEMARK, log);
		Files.write(list(scenario), LoadedClasses.read(log).ours());
		return effort;
	}

	/** Lists of two commits can be compared. */
	private static Path list(Scenario scenario) {
		return TARGET.resolve("guard").resolve(scenario.name() + "-classes.txt");
	}

	@Test
	void anIdleStartLoadsNothingOfWhatItDoesNotNeed() throws IOException {
		count(IDLE);

		assertThat(Files.readAllLines(list(IDLE))).hasSizeGreaterThan(50)
			.noneMatch((name) -> NOT_AT_AN_IDLE_START.matcher(name).matches());
		// There are such classes, wherever they lie
		assertThat(Stream.of(UndoRequest.class, Redo.class, NewMigration.class)).extracting(Class::getName)
			.allMatch((name) -> NOT_AT_AN_IDLE_START.matcher(name).matches());
	}

}
