package dev.tidemark.autoconfigure.exit;

import org.springframework.boot.ExitCodeGenerator;

import dev.tidemark.autoconfigure.ExitCode;
import dev.tidemark.error.TidemarkException;

/**
 * Gives the failure of a start the exit code of the process. Of an exception that ends
 * the refresh of a context, Spring Boot takes it only from the exception itself.
 *
 * @since 0.1.0
 */
public final class StartFailedException extends TidemarkException implements ExitCodeGenerator {

	private static final long serialVersionUID = 1L;

	private final ExitCode exitCode;

	private final boolean reported;

	/**
	 * Makes an exception.
	 * @param failure why the start failed
	 * @param reported whether it is in the report already
	 */
	public StartFailedException(TidemarkException failure, boolean reported) {
		super(failure.problems(), failure);
		this.reported = reported;
		this.exitCode = ExitCode.of(failure.problems());
		String database = failure.database();
		if (database != null) {
			setDatabase(database);
		}
	}

	public boolean isReported() {
		return this.reported;
	}

	@Override
	public int getExitCode() {
		return this.exitCode.number();
	}

}
