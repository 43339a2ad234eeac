package dev.tidemark.autoconfigure.output;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;

import dev.tidemark.autoconfigure.ExitCode;
import dev.tidemark.autoconfigure.binding.UnusableValueHandler;
import dev.tidemark.autoconfigure.exit.UnusablePropertyException;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;

/**
 * Why a start failed because of its migrations, or of a property of theirs.
 *
 * @param database which of several databases it is about, or {@code null}
 * @param problems what is wrong, at least one
 * @since 0.1.0
 */
public record StartFailure(@Nullable String database, List<Problem> problems) {

	/**
	 * Looks for the failure in an exception and its causes.
	 * @return the failure, empty if something else of the application failed
	 */
	public static Optional<StartFailure> in(@Nullable Throwable exception) {
		for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
			if (cause instanceof TidemarkException failure) {
				return Optional.of(new StartFailure(failure.database(), failure.problems()));
			}
			if (cause instanceof UnusablePropertyException property) {
				String reason = String.valueOf(property.getReason());
				return Optional.of(unusable(
						property.getName() + " cannot be used: " + reason + (reason.endsWith(".") ? "" : ".")));
			}
			if (cause instanceof BindException binding && UnusableValueHandler.isOurs(binding.getName())) {
				// What the converter says would quote the value.
				return Optional.of(unusable(binding.getName() + " has a value that cannot be used."));
			}
		}
		return Optional.empty();
	}

	private static StartFailure unusable(String what) {
		return new StartFailure(null, List.of(Problem.error(ErrorCode.SETTING, null, what,
				"Correct the property, which the log describes, and start again.")));
	}

	public ExitCode exitCode() {
		return ExitCode.of(this.problems);
	}

}
