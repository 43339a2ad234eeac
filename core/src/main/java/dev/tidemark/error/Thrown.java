package dev.tidemark.error;

import java.sql.SQLException;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.secret.Secrets;

/**
 * What code of others has thrown, as it may be told: without secrets and the data of
 * rows.
 *
 * @param thrown what was thrown
 * @param mask takes out of its texts what must not be seen, besides the secrets that are
 * recognised by themselves
 * @since 0.1.0
 */
public record Thrown(Throwable thrown, UnaryOperator<String> mask) {

	private static final int LONGEST_MESSAGE = 1000;

	/** How many causes are looked at; more of them are a circle. */
	private static final int MOST_CAUSES = 50;

	/**
	 * Returns what was thrown, where no more than the secrets that are recognised by
	 * themselves has to be taken out.
	 * @param thrown what was thrown
	 * @return the same as it may be told
	 */
	public static Thrown of(Throwable thrown) {
		return new Thrown(thrown, UnaryOperator.identity());
	}

	/**
	 * Finds an exception, or the cause of one.
	 * @param <T> its type
	 * @param thrown the exception
	 * @param type the type
	 * @return the first one of that type, or {@code null} if there is none
	 */
	public static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> type) {
		Throwable cause = thrown;
		for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
			cause = cause.getCause();
		}
		return null;
	}

	/**
	 * Returns its type and its message, in one line that is not too long. Of an error of
	 * the database it is what the server said: those who wrap it repeat the data of rows.
	 * @return the words
	 */
	public String inWords() {
		return inWords(this.thrown);
	}

	private String inWords(Throwable exception) {
		String text = line(exception);
		return (text.length() > LONGEST_MESSAGE) ? text.substring(0, LONGEST_MESSAGE) + "\u2026" : text;
	}

	/** Returns the same, as long as a line may be. */
	String line() {
		return line(this.thrown);
	}

	private String line(Throwable exception) {
		if (exception instanceof TidemarkException) {
			return PlainText.line(exception.toString());
		}
		String type = exception.getClass().getName();
		SQLException sql = find(exception, SQLException.class);
		String message = (sql != null) ? ServerError.of(sql, this.mask).toString() : exception.getMessage();
		return (message != null) ? PlainText.line(type + ": " + Secrets.mask(this.mask.apply(message))) : type;
	}

	/**
	 * Returns an exception that may be a cause, or be logged: with the stack traces of
	 * all causes, but without secrets.
	 * @return the exception
	 */
	public Throwable withoutSecrets() {
		return withoutSecrets(this.thrown, 0);
	}

	private Throwable withoutSecrets(Throwable exception, int depth) {
		SQLException sql = find(exception, SQLException.class);
		if (sql != null) {
			return ServerError.withoutSecrets(sql, this.mask);
		}
		Throwable cause = (depth < MOST_CAUSES) ? exception.getCause() : null;
		IllegalStateException clean = new IllegalStateException(inWords(exception),
				(cause != null) ? withoutSecrets(cause, depth + 1) : null);
		clean.setStackTrace(exception.getStackTrace());
		return clean;
	}

}
