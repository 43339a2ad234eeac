package dev.tidemark.autoconfigure.exit;

/**
 * Ends the process.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface JvmExit {

	/**
	 * Ends the process.
	 * @param code the exit code
	 */
	void exit(int code);

}
