package dev.tidemark.migration.backfill;

/**
 * Thrown when an option of a backfill has a value that cannot be used.
 *
 * @since 0.1.0
 */
public final class UnusableOptionException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String what;

	private final String remedy;

	UnusableOptionException(String what, String remedy) {
		super(what + " " + remedy);
		this.what = what;
		this.remedy = remedy;
	}

	/**
	 * Return what is wrong.
	 * @return a sentence
	 */
	public String what() {
		return this.what;
	}

	/**
	 * Return what to do about it.
	 * @return a sentence
	 */
	public String remedy() {
		return this.remedy;
	}

}
