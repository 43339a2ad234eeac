package dev.tidemark;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * What a class of the engine logs from INFO on, whichever thread it does it in.
 */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final Logger logger;

	private final List<String> lines = new CopyOnWriteArrayList<>();

	private LogLines(Logger logger) {
		this.logger = logger;
	}

	/** Listens to a class of the package of runs. */
	static LogLines of(String simpleName) {
		LogLines lines = new LogLines((Logger) LoggerFactory.getLogger("dev.tidemark.run." + simpleName));
		lines.start();
		lines.logger.setLevel(Level.INFO);
		lines.logger.addAppender(lines);
		return lines;
	}

	@Override
	protected void append(ILoggingEvent event) {
		this.lines.add(event.getLevel() + " " + event.getFormattedMessage());
	}

	/** Returns the lines, each with its level in front. */
	List<String> lines() {
		return List.copyOf(this.lines);
	}

	boolean has(String level, String... parts) {
		return this.lines.stream()
			.anyMatch((line) -> line.startsWith(level) && List.of(parts).stream().allMatch(line::contains));
	}

	@Override
	public void close() {
		this.logger.detachAppender(this);
		this.logger.setLevel(null);
	}

}
