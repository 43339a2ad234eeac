package dev.tidemark.autoconfigure;

import java.util.Objects;
import java.util.stream.Stream;

import org.springframework.boot.ExitCodeGenerator;

/**
 * The exit code that Spring Boot takes from the exception that ended a start.
 */
final class BootExitCode {

	private BootExitCode() {
	}

	static int of(Throwable failure) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
			.filter(ExitCodeGenerator.class::isInstance)
			.mapToInt((cause) -> ((ExitCodeGenerator) cause).getExitCode())
			.findFirst()
			.orElse(1);
	}

}
