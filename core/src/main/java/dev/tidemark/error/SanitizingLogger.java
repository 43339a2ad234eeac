package dev.tidemark.error;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.spi.LocationAwareLogger;

import dev.tidemark.sql.PlainText;

/**
 * Makes whatever it is given fit for a line before another logger gets it. The lines of
 * problems and of what the server says are kept and indented.
 */
final class SanitizingLogger extends LegacyAbstractLogger {

	private static final long serialVersionUID = 1L;

	/** Whose caller is the one that logs. */
	private static final String CALLED = AbstractLogger.class.getName();

	private static final String INDENT = "\n  ";

	private final transient Logger log;

	SanitizingLogger(Logger log) {
		this.log = log;
		this.name = log.getName();
	}

	@Override
	public boolean isTraceEnabled() {
		return this.log.isTraceEnabled();
	}

	@Override
	public boolean isDebugEnabled() {
		return this.log.isDebugEnabled();
	}

	@Override
	public boolean isInfoEnabled() {
		return this.log.isInfoEnabled();
	}

	@Override
	public boolean isWarnEnabled() {
		return this.log.isWarnEnabled();
	}

	@Override
	public boolean isErrorEnabled() {
		return this.log.isErrorEnabled();
	}

	@Override
	protected String getFullyQualifiedCallerName() {
		return CALLED;
	}

	@Override
	protected void handleNormalizedLoggingCall(Level level, @Nullable Marker marker, String message,
			@Nullable Object @Nullable [] arguments, @Nullable Throwable thrown) {
		Object[] plain = (arguments != null) ? Arrays.stream(arguments).map(SanitizingLogger::plain).toArray()
				: new Object[0];
		Throwable shown = (thrown != null) ? PlainThrowable.of(thrown) : null;
		if (this.log instanceof LocationAwareLogger aware) {
			aware.log(marker, CALLED, level.toInt(), message, plain, shown);
		}
		else {
			this.log.atLevel(level).setCause(shown).log(message, plain);
		}
	}

	private static Object plain(@Nullable Object argument) {
		if (argument instanceof Number) {
			return argument;
		}
		if (argument instanceof Problem || argument instanceof ServerError) {
			return argument.toString().replace("\n", INDENT);
		}
		if (argument instanceof Collection<?> several && several.stream().allMatch(Problem.class::isInstance)) {
			return several.stream().map(Object::toString).collect(Collectors.joining("\n")).replace("\n", INDENT);
		}
		return PlainText.line(String.valueOf(argument));
	}

}
