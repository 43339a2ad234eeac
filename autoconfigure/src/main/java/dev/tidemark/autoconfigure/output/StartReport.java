package dev.tidemark.autoconfigure.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.autoconfigure.ExitCode;
import dev.tidemark.autoconfigure.exit.Ending;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.rollout.BackfillProgress;

/**
 * What a start did, as JSON in the file that {@code tidemark.report.file} names. It is
 * written at the end, as a whole or not at all, and whatever becomes of it changes
 * nothing else.
 *
 * @since 0.1.0
 */
public final class StartReport {

	private static final Logger logger = PlainLogger.of(StartReport.class);

	private final @Nullable String file;

	private final String mode;

	private final long started = System.nanoTime();

	private final List<Map<String, Object>> databases = new ArrayList<>();

	private final List<Map<String, Object>> backfills = new ArrayList<>();

	private boolean failureTold;

	private StartReport(@Nullable String file, String mode) {
		this.file = file;
		this.mode = mode;
	}

	/**
	 * Begins a report.
	 * @param file the path of the file, or {@code null} if nobody wants the report
	 * @param mode what the start is asked for
	 */
	public static StartReport of(@Nullable String file, String mode) {
		return new StartReport(file, mode);
	}

	/** Return whether somebody wants the report, so that it is worth some effort. */
	public boolean isWanted() {
		return this.file != null;
	}

	public void add(@Nullable Done done) {
		if (done != null && isWanted()) {
			this.failureTold |= done instanceof Done.Failed;
			this.databases.add(done.members());
		}
	}

	/**
	 * Adds how far a backfill has come.
	 * @param database the name of its database
	 * @param backfill the backfill
	 */
	public void add(String database, BackfillProgress backfill) {
		if (isWanted()) {
			this.backfills.add(JsonParts.members("tidemark", database, "version", backfill.version().toString(),
					"script", backfill.script(), "state", backfill.state().toString(), "required", backfill.required(),
					"rows", backfill.counts().rows(), "batches", backfill.counts().batches(), "badRows",
					backfill.counts().badRows(), "reason", backfill.reason()));
		}
	}

	/**
	 * Writes that all is done.
	 * @param ending how the process ends, or {@code null} if it goes on
	 */
	public void done(@Nullable Ending ending) {
		write(ExitCode.of((ending != null) ? ending.problems() : List.of()),
				(ending != null) ? ending.exitCode() : null, List.of());
	}

	/**
	 * Writes that something failed.
	 * @param failure why
	 * @param ending whether the process ends because of it
	 */
	public void failed(TidemarkException failure, boolean ending) {
		ExitCode code = ExitCode.of(failure.problems());
		write(code, ending ? code.number() : null, this.failureTold ? List.of() : failure.problems());
	}

	/** Writes that a start failed before it did anything. */
	public void refused(StartFailure failure) {
		write(failure.exitCode(), failure.exitCode().number(), failure.problems());
	}

	private void write(ExitCode outcome, @Nullable Integer exitCode, List<Problem> problems) {
		if (this.file == null) {
			return;
		}
		String text = JsonParts.document(JsonParts.members("mode", this.mode, "outcome", outcome.toString(), "exitCode",
				exitCode, "durationMillis", (System.nanoTime() - this.started) / 1_000_000, "databases", this.databases,
				"backfills", this.backfills.isEmpty() ? null : this.backfills, "problems",
				JsonParts.problems(problems)));
		try {
			write(Path.of(this.file), text.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException | IllegalArgumentException ex) {
			logger.warn("The report cannot be written to {}: {}", this.file, ex.getClass().getSimpleName());
		}
	}

	/**
	 * A pipe or a device must not be replaced, and a file that is mounted by itself
	 * cannot be: it, and one in a folder that takes no other, is written where it lies.
	 */
	private static void write(Path file, byte[] text) throws IOException {
		if (Files.exists(file) && !Files.isRegularFile(file)) {
			Files.write(file, text);
			return;
		}
		Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
		Path written = target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid());
		try {
			Files.write(written, text);
			Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			if (!Files.exists(target)) {
				throw ex;
			}
			Files.write(target, text);
		}
		finally {
			Files.deleteIfExists(written);
		}
	}

}
