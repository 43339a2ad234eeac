package dev.tidemark.autoconfigure.exit;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import dev.tidemark.autoconfigure.ExitCode;

/**
 * Says that the value of a property cannot be used, and ends the process with
 * {@link ExitCode#WRONG_CONFIGURATION}.
 *
 * @since 0.1.0
 */
public final class UnusablePropertyException extends InvalidConfigurationPropertyValueException
		implements ExitCodeGenerator {

	private static final long serialVersionUID = 1L;

	public UnusablePropertyException(String name, @Nullable Object value, String reason) {
		super(name, value, reason);
	}

	@Override
	public int getExitCode() {
		return ExitCode.WRONG_CONFIGURATION.number();
	}

}
