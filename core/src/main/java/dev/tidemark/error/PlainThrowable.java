package dev.tidemark.error;

import org.jspecify.annotations.Nullable;

/**
 * An exception of somebody else's as a log may show it: with its name, its stack and its
 * causes, but in its message neither secrets nor data of rows, nor anything that could
 * look like a line of the log.
 */
final class PlainThrowable extends Exception {

	private static final long serialVersionUID = 1L;

	/** How many causes are shown; more of them are a circle. */
	private static final int MOST_CAUSES = 50;

	private final String described;

	private PlainThrowable(Throwable thrown, @Nullable Throwable cause) {
		super(null, cause);
		this.described = described(thrown);
		setStackTrace(thrown.getStackTrace());
	}

	/**
	 * Makes an exception fit for a log.
	 * @param thrown the exception
	 * @return itself, if its message and those of its causes are fit already
	 */
	static Throwable of(Throwable thrown) {
		Throwable cause = thrown;
		for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
			if (!isFit(cause)) {
				return copy(thrown, 0);
			}
			cause = cause.getCause();
		}
		return thrown;
	}

	private static String described(Throwable thrown) {
		return Thrown.of(thrown).line();
	}

	/** Our own messages have lines on purpose. */
	private static boolean isFit(Throwable thrown) {
		return thrown instanceof TidemarkException
				|| (thrown.getSuppressed().length == 0 && thrown.toString().equals(described(thrown)));
	}

	private static Throwable copy(Throwable thrown, int depth) {
		Throwable cause = (depth < MOST_CAUSES) ? thrown.getCause() : null;
		return new PlainThrowable(thrown, (cause != null) ? copy(cause, depth + 1) : null);
	}

	@Override
	public String toString() {
		return this.described;
	}

}
