package dev.tidemark.autoconfigure.exit;

/**
 * Ends the process.
 */
@FunctionalInterface
public interface JvmExit {

	/**
	 * Ends the process.
	 * @param code the exit code
	 */
	void exit(int code);

}
