package dev.tidemark.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import org.slf4j.Logger;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import dev.tidemark.autoconfigure.TidemarkProperties.PlanProperties;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.sql.PlainText;

/**
 * Prints what migrations would run, for {@link Mode#PLAN}.
 */
final class PlanPrinter {

	/** The exit code when a run would be refused. */
	static final int BLOCKED = 2;

	private static final Logger logger = PlainLogger.of(PlanPrinter.class);

	private final PlanProperties properties;

	PlanPrinter(PlanProperties properties) {
		this.properties = properties;
	}

	/**
	 * Prints plans, always in UTF-8: what reads them need not know the locale of this
	 * process.
	 * @param starts the plans of all databases
	 * @return the exit code that tells of them
	 */
	int print(List<PlannedStart> starts) {
		byte[] text = text(starts).getBytes(StandardCharsets.UTF_8);
		if (this.properties.file() != null) {
			write(this.properties.file(), text);
		}
		else {
			System.out.write(text, 0, text.length);
			System.out.flush();
		}
		return exitCode(starts);
	}

	private String text(List<PlannedStart> starts) {
		boolean several = starts.stream().map(PlannedStart::instance).distinct().count() > 1;
		return switch (this.properties.format()) {
			case TEXT -> starts.stream()
				.map((start) -> (several ? "Instance " + PlainText.line(String.valueOf(start.instance())) + "\n" : "")
						+ start)
				.collect(Collectors.joining("\n"));
			case JSON -> PlanJson.of(starts);
		};
	}

	private static void write(String file, byte[] text) {
		try {
			Files.write(Path.of(file), text);
			logger.info("The plan is in {}", file);
		}
		catch (IOException | IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException("tidemark.plan.file", file,
					"the file cannot be written: " + ex.getClass().getSimpleName());
		}
	}

	private int exitCode(List<PlannedStart> starts) {
		if (starts.stream().anyMatch(PlannedStart::isBlocked)) {
			return BLOCKED;
		}
		return starts.stream().anyMatch(PlannedStart::isPending) ? this.properties.pendingExitCode() : 0;
	}

}
