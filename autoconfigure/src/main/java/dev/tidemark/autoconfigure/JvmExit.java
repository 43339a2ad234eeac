package dev.tidemark.autoconfigure;

/**
 * Ends the process.
 */
@FunctionalInterface
interface JvmExit {

	/**
	 * Ends the process.
	 * @param code the exit code
	 */
	void exit(int code);

}
