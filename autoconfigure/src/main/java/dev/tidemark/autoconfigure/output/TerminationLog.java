package dev.tidemark.autoconfigure.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.sql.PlainText;

/**
 * The file in which Kubernetes reads why a container ended. It is there before the
 * process is, so that where it is missing nobody would read it.
 *
 * @since 0.1.0
 */
public final class TerminationLog {

	private static final String NONE = "none";

	/** Kubernetes takes 4096, and shares 12 KiB among the containers of a pod. */
	static final int LONGEST = 2048;

	private static final String ELLIPSIS = "\u2026";

	/** So long that the next step is not cut off behind it. */
	private static final int LONGEST_WHAT = 700;

	private static final int LONGEST_PLACE = 300;

	private static final Logger logger = PlainLogger.of(TerminationLog.class);

	private final @Nullable String path;

	/**
	 * Makes a termination log.
	 * @param path the path of the file; empty or {@code none} for no such file
	 */
	public TerminationLog(String path) {
		this.path = (path.isBlank() || path.equals(NONE)) ? null : path;
	}

	/** Writes why the start failed, in place of what is there. */
	public void write(StartFailure failure) {
		if (this.path == null) {
			return;
		}
		try {
			Path file = Path.of(this.path);
			if (Files.isWritable(file) && !Files.isDirectory(file)) {
				Files.write(file, line(failure), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
			}
		}
		catch (IOException | IllegalArgumentException ex) {
			logger.warn("The reason of the failure could not be written to {}: {}", this.path,
					ex.getClass().getSimpleName());
		}
	}

	private static byte[] line(StartFailure failure) {
		List<Problem> errors = failure.problems().stream().filter(Problem::isError).toList();
		Problem problem = errors.isEmpty() ? failure.problems().get(0) : errors.get(0);
		StringBuilder line = new StringBuilder();
		if (failure.database() != null) {
			line.append("Database ").append(PlainText.line(failure.database())).append(": ");
		}
		line.append(problem.code().code()).append(' ').append(problem.code().title()).append(": ");
		line.append(part(problem.what(), LONGEST_WHAT));
		if (problem.place() != null) {
			line.append(" Where: ").append(part(problem.place().toString(), LONGEST_PLACE)).append('.');
		}
		if (problem.server() != null) {
			line.append(" Server: ").append(part(problem.server().toString(), LONGEST_PLACE)).append('.');
		}
		if (errors.size() > 1) {
			line.append(" Problems besides: ").append(errors.size() - 1).append('.');
		}
		line.append(" Next: ").append(part(problem.remedy(), LONGEST));
		return cut(line.toString());
	}

	/** A remedy may have several lines. */
	private static String part(String text, int longest) {
		return PlainText.shortened(PlainText.line(text.replaceAll("\\s*\\R\\s*", " ")), longest);
	}

	/** A character is in it as a whole, or not at all. */
	private static byte[] cut(String line) {
		byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
		if (bytes.length <= LONGEST) {
			return bytes;
		}
		int end = LONGEST - ELLIPSIS.getBytes(StandardCharsets.UTF_8).length;
		while ((bytes[end] & 0xC0) == 0x80) {
			end--;
		}
		return (new String(bytes, 0, end, StandardCharsets.UTF_8) + ELLIPSIS).getBytes(StandardCharsets.UTF_8);
	}

}
