package dev.tidemark.format;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Builds what was there before this build, with Git and Maven, from the history of the
 * sources. Where there is none, what needs it is skipped with the reason.
 */
final class PreviousBuild {

	private static final long MINUTES = 10;

	private PreviousBuild() {
	}

	static OtherBuild in(Path folder) throws IOException, InterruptedException {
		String commit = commit();
		Path sources = Files.createDirectory(folder.resolve("sources"));
		Path archive = folder.resolve("sources.tar");
		require("git archive of " + commit,
				run(Path.of(""), "git", "-C", root(), "archive", "-o", archive.toString(), commit));
		require("tar of " + commit, run(sources, "tar", "xf", archive.toString()));
		require("build of " + commit + " with Maven",
				run(sources, "mvn", "-B", "-q", "-pl", "core", "-am", "test-compile"));
		Path classes = sources.resolve("core/target/classes");
		Path tests = sources.resolve("core/target/test-classes");
		String mainClass = mainClass(tests);
		assumeTrue(mainClass != null, "Commit " + commit + " has no test class MigratingProcess to run as an instance");
		return new OtherBuild(Stream.concat(Stream.of(classes.toString(), tests.toString()), libraries())
			.collect(Collectors.joining(File.pathSeparator)), String.valueOf(mainClass));
	}

	/** The last tag before this build, or else its last commit but one. */
	private static String commit() throws IOException, InterruptedException {
		String tag = run(Path.of(""), "git", "-C", root(), "describe", "--tags", "--abbrev=0", "HEAD^");
		String commit = (tag != null) ? tag : run(Path.of(""), "git", "-C", root(), "rev-parse", "HEAD^");
		assumeTrue(commit != null, "There is no Git history of the sources with a commit before this one");
		return String.valueOf(commit).strip();
	}

	private static String root() {
		return Path.of("..").toAbsolutePath().normalize().toString();
	}

	private static void require(String what, @Nullable String output) {
		if (output == null) {
			throw new IllegalStateException("The " + what + " failed");
		}
	}

	/** All that this build needs but what it is made of itself. */
	private static Stream<String> libraries() {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !Files.exists(Path.of(entry, "dev", "tidemark", "Tidemark.class"))
					&& !Files.exists(Path.of(entry, "dev", "tidemark", "MigratingProcess.class")));
	}

	private static @Nullable String mainClass(Path tests) throws IOException {
		try (Stream<Path> files = Files.walk(tests)) {
			return files.filter((file) -> file.endsWith("MigratingProcess.class"))
				.map((file) -> tests.relativize(file).toString())
				.map((name) -> name.substring(0, name.length() - ".class".length()).replace(File.separatorChar, '.'))
				.findFirst()
				.orElse(null);
		}
	}

	/** Returns what the command wrote, or {@code null} if it failed or is not there. */
	private static @Nullable String run(Path folder, String... command) throws IOException, InterruptedException {
		Path output = Files.createTempFile("previous-build", ".log");
		List<String> words = new ArrayList<>(List.of(command));
		try {
			Process process = new ProcessBuilder(words).directory(folder.toAbsolutePath().toFile())
				.redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.start();
			if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
				process.destroyForcibly();
				throw new IllegalStateException(words + " does not end");
			}
			String text = Files.readString(output, StandardCharsets.UTF_8);
			if (process.exitValue() != 0) {
				System.out.println(words + " ended with " + process.exitValue() + ": " + text);
				return null;
			}
			return text;
		}
		catch (IOException ex) {
			System.out.println(words + " cannot be run: " + ex.getMessage());
			return null;
		}
		finally {
			Files.delete(output);
		}
	}

}
