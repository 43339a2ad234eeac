package dev.tidemark.author;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.secret.Secrets;

/**
 * Asks the {@code git} of the machine about a folder of a working tree.
 */
final class Git {

	/** How git exits where it has no answer; what is above is an error. */
	private static final int NO_ANSWER = 1;

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	/** In a hook of git they name another repository than the one of the folder. */
	private static final Set<String> OF_A_HOOK = Set.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX",
			"GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE");

	/** The folder that is asked about, which may not exist. */
	private final Path folder;

	/** The nearest one that exists. */
	private final Path existing;

	private final String program;

	private final Duration timeout;

	Git(Path folder) {
		this(folder, "git", TIMEOUT);
	}

	Git(Path folder, String program, Duration timeout) {
		this.folder = folder.toAbsolutePath().normalize();
		Path directory = this.folder;
		while (!Files.isDirectory(directory) && directory.getParent() != null) {
			directory = directory.getParent();
		}
		this.existing = directory;
		this.program = program;
		this.timeout = timeout;
	}

	/**
	 * Finds a commit.
	 * @throws TidemarkException if there is none of that name
	 */
	String commit(String ref) {
		if (ref.isBlank() || ref.startsWith("-")) {
			throw new IllegalArgumentException("'" + ref + "' is no name of a git commit");
		}
		return ask("rev-parse", "--verify", "--quiet", ref + "^{commit}")
			.orElseThrow(() -> unknown("Git does not know '" + ref + "'.",
					"Name a branch, tag or commit that exists here. A clone for CI often has one branch only: fetch "
							+ "the other one first, as git fetch origin main does, or clone with the whole history."));
	}

	/** Tells whether there is a commit of a name. */
	boolean knows(String ref) {
		return ask("rev-parse", "--verify", "--quiet", ref + "^{commit}").isPresent();
	}

	/**
	 * Finds the last commit that a commit and the one that is checked out have in common.
	 * @throws TidemarkException if they have none
	 */
	String commonAncestor(String commit, String ref) {
		return ask("merge-base", commit, "HEAD").orElseThrow(() -> {
			boolean shallow = ask("rev-parse", "--is-shallow-repository").filter("true"::equals).isPresent();
			return unknown(
					"Git finds no commit that '" + ref + "' and the one that is checked out have in common"
							+ (shallow ? ", as the clone is shallow." : "."),
					shallow ? "Clone with the whole history: fetch-depth: 0 of actions/checkout, GIT_DEPTH: 0 of "
							+ "GitLab, or git fetch --unshallow." : "Name a branch that this one began at.");
		});
	}

	/** Returns the root of the working tree. */
	Path top() {
		return Path.of(ask("rev-parse", "--show-toplevel").orElse(""));
	}

	/** Returns the path of the folder below the root, empty for the root itself. */
	String path() {
		String prefix = ask("rev-parse", "--show-prefix").orElse("");
		String rest = this.existing.relativize(this.folder).toString().replace(File.separatorChar, '/');
		return (prefix + rest).replaceAll("/$", "");
	}

	/**
	 * Lists all files of a commit: mode, type, blank and object, tab and path of each,
	 * ended by the character 0.
	 */
	String listing(String commit) {
		return new String(run("", "ls-tree", "-r", "-z", "--full-tree", commit).output(), StandardCharsets.UTF_8);
	}

	/**
	 * Reads contents as they are committed, without what attributes of files would make
	 * of them in an archive.
	 */
	Map<String, byte[]> blobs(List<String> objects) {
		Map<String, byte[]> blobs = new HashMap<>();
		if (objects.isEmpty()) {
			return blobs;
		}
		byte[] output = run(String.join("\n", objects) + "\n", "cat-file", "--batch").output();
		int start = 0;
		for (String object : objects) {
			int end = start;
			while (output[end] != '\n') {
				end++;
			}
			String[] header = new String(output, start, end - start, StandardCharsets.UTF_8).split(" ");
			if (header.length < 3) {
				throw unknown("The clone lacks the content of a file that is released.",
						"Clone with all contents: without --filter, which leaves some of them at the server.");
			}
			int size = Integer.parseInt(header[2]);
			blobs.put(object, Arrays.copyOfRange(output, end + 1, end + 1 + size));
			start = end + 1 + size + 1;
		}
		return blobs;
	}

	/** Returns the answer, empty if git has none. */
	private Optional<String> ask(String... arguments) {
		Answer answer = run("", arguments);
		return (answer.exitCode() == 0) ? Optional.of(new String(answer.output(), StandardCharsets.UTF_8).strip())
				: Optional.empty();
	}

	private Answer run(String input, String... arguments) {
		Answer answer = execute(input, arguments);
		if (answer.exitCode() > NO_ANSWER) {
			throw unknown("The command git " + arguments[0] + " failed: " + answer.errors() + ".",
					"Check out the sources with git and with their history, in a folder that belongs to the user of "
							+ "this process, and solve what git says.");
		}
		return answer;
	}

	private Answer execute(String input, String... arguments) {
		List<String> command = new ArrayList<>(List.of(this.program, "-C", this.existing.toString()));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command);
		Map<String, String> environment = builder.environment();
		environment.keySet().removeAll(OF_A_HOOK);
		// Nothing is fetched, and nobody is there to type a password.
		environment.putAll(Map.of("GIT_NO_LAZY_FETCH", "1", "GIT_TERMINAL_PROMPT", "0"));
		Process process;
		try {
			process = builder.start();
		}
		catch (IOException ex) {
			throw unknown("The command git cannot be started, which knows what is released.",
					"Install git where this runs, and check out the sources with their history.");
		}
		try {
			Future<?> written = begin(() -> write(process, input));
			Future<byte[]> output = begin(process.getInputStream()::readAllBytes);
			Future<byte[]> errors = begin(process.getErrorStream()::readAllBytes);
			if (!process.waitFor(this.timeout.toMillis(), TimeUnit.MILLISECONDS)) {
				throw unknown("The command git " + arguments[0] + " did not end in " + this.timeout.toSeconds() + " s.",
						"Run it in the folder by hand to see what it waits for.");
			}
			written.get();
			return new Answer(process.exitValue(), output.get(),
					Secrets.mask(new String(errors.get(), StandardCharsets.UTF_8).strip()));
		}
		catch (ExecutionException ex) {
			throw unknown("The answer of the command git " + arguments[0] + " could not be read.", "Start again.");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw unknown("The command git was interrupted.", "Start again.");
		}
		finally {
			process.destroyForcibly();
		}
	}

	/** What git does not read to its end, as it has failed, is told by its exit code. */
	private static @Nullable Void write(Process process, String input) {
		try (OutputStream stream = process.getOutputStream()) {
			stream.write(input.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			return null;
		}
		return null;
	}

	private static <T extends @Nullable Object> Future<T> begin(Callable<T> work) {
		FutureTask<T> begun = new FutureTask<>(work);
		Thread thread = new Thread(begun, "tidemark-git");
		thread.setDaemon(true);
		thread.start();
		return begun;
	}

	TidemarkException unknown(String what, String remedy) {
		return new TidemarkException(
				Problem.error(ErrorCode.RELEASE_UNKNOWN, Place.file(this.folder.toString()), what, remedy));
	}

	/**
	 * What git has answered.
	 *
	 * @param exitCode its exit code
	 * @param output what it has printed
	 * @param errors what it has complained about
	 */
	private record Answer(int exitCode, byte[] output, String errors) {
	}

}
