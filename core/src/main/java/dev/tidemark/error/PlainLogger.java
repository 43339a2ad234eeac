package dev.tidemark.error;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.tidemark.sql.PlainText;

/**
 * The only way from Tidemark to a log: whatever it is given is made {@linkplain PlainText
 * fit for a line} before, so that no name and no text of others can look like a line of
 * the log. The lines of problems and of what the server says are kept and indented.
 *
 * @since 0.1.0
 */
public final class PlainLogger {

	private PlainLogger() {
	}

	/**
	 * Returns the logger of a type.
	 * @param type the type that logs
	 * @return the logger
	 */
	public static Logger of(Class<?> type) {
		return of(LoggerFactory.getLogger(type));
	}

	static Logger of(Logger log) {
		try {
			return new SanitizingLogger(log);
		}
		catch (NoClassDefFoundError ex) {
			// Within Maven there is its own SLF4J, which is too old, and its log is that
			// of a build.
			return log;
		}
	}

}
