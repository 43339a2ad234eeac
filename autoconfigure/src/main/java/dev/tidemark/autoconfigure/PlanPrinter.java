package dev.tidemark.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import dev.tidemark.autoconfigure.TidemarkProperties.PlanProperties;
import dev.tidemark.run.Preview;

/**
 * Prints what migrations would run, for {@link Mode#PLAN}.
 */
final class PlanPrinter {

	/** The exit code when a run would be refused. */
	static final int BLOCKED = 2;

	private static final Logger logger = LoggerFactory.getLogger(PlanPrinter.class);

	private final PlanProperties properties;

	PlanPrinter(PlanProperties properties) {
		this.properties = properties;
	}

	/**
	 * Prints plans, always in UTF-8: what reads them need not know the locale of this
	 * process.
	 * @param previews the plans of all databases
	 * @return the exit code that tells of them
	 */
	int print(List<Preview> previews) {
		byte[] text = text(previews).getBytes(StandardCharsets.UTF_8);
		if (this.properties.file() != null) {
			write(this.properties.file(), text);
		}
		else {
			System.out.write(text, 0, text.length);
			System.out.flush();
		}
		return exitCode(previews);
	}

	private String text(List<Preview> previews) {
		return switch (this.properties.format()) {
			case TEXT -> previews.stream().map(Preview::toString).collect(Collectors.joining("\n"));
			case JSON -> PlanJson.of(previews);
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

	private int exitCode(List<Preview> previews) {
		if (previews.stream().anyMatch(Preview::isBlocked)) {
			return BLOCKED;
		}
		return previews.stream().anyMatch(Preview::isPending) ? this.properties.pendingExitCode() : 0;
	}

}
