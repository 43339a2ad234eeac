package dev.tidemark.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.Secrets;

/**
 * Asks the {@code git} of the machine about a folder of a working tree.
 */
final class Git {

	/** How git exits where it has no answer; what is above is an error. */
	private static final int NO_ANSWER = 1;

	private final Path folder;

	Git(Path folder) {
		this.folder = folder;
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

	/** Reads the folder, with all its folders, as a commit has it. */
	Folder read(String commit, String name) {
		String prefix = ask("rev-parse", "--show-prefix").orElse("");
		Path top = Path.of(ask("rev-parse", "--show-toplevel").orElse(""));
		return ask("rev-parse", "--verify", "--quiet", commit + ":" + prefix)
			.map((tree) -> new Folder(true, files(run(top, "archive", "--format=zip", tree).output(), name)))
			.orElseGet(() -> new Folder(false, List.of()));
	}

	private static List<ScriptFile> files(byte[] archive, String name) {
		List<ScriptFile> files = new ArrayList<>();
		try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
			for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
				if (!entry.isDirectory()) {
					byte[] content = zip.readAllBytes();
					String script = name + "/" + entry.getName();
					files.add(new ScriptFile(script, script, () -> new ByteArrayInputStream(content),
							ScriptFile.Indexed.NOT));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return files;
	}

	/** Returns the answer, empty if git has none. */
	private Optional<String> ask(String... arguments) {
		Answer answer = run(this.folder, arguments);
		return (answer.exitCode() == 0) ? Optional.of(new String(answer.output(), StandardCharsets.UTF_8).strip())
				: Optional.empty();
	}

	private Answer run(Path directory, String... arguments) {
		Answer answer = execute(directory, arguments);
		if (answer.exitCode() > NO_ANSWER) {
			throw unknown("The command git " + arguments[0] + " failed: " + answer.errors() + ".",
					"Check out the sources with git and with their history, in a folder that belongs to the user of "
							+ "this process, and solve what git says.");
		}
		return answer;
	}

	private Answer execute(Path directory, String... arguments) {
		List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
		command.addAll(List.of(arguments));
		try {
			ProcessBuilder builder = new ProcessBuilder(command);
			Map<String, String> environment = builder.environment();
			// In a hook of git they name another repository than the one of the folder.
			environment.keySet().removeAll(List.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"));
			Process process = builder.start();
			process.getOutputStream().close();
			CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> read(process));
			byte[] output = process.getInputStream().readAllBytes();
			return new Answer(process.waitFor(), output, Secrets.mask(errors.join().strip()));
		}
		catch (IOException ex) {
			throw unknown("The command git cannot be started, which knows what is released.",
					"Install git where this runs, and check out the sources with their history.");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw unknown("The command git was interrupted.", "Start again.");
		}
	}

	private static String read(Process process) {
		try {
			return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private TidemarkException unknown(String what, String remedy) {
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
