package dev.tidemark;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;

/**
 * Hears what is logged below a name, as long as it is open.
 */
final class LogOf implements AutoCloseable {

	private final Logger logger;

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	LogOf(String name) {
		this.logger = (Logger) LoggerFactory.getLogger(name);
		this.log.start();
		this.logger.addAppender(this.log);
	}

	/** Returns the messages of a level. */
	List<String> at(Level level) {
		return List.copyOf(this.log.list)
			.stream()
			.filter((event) -> event.getLevel() == level)
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

	@Override
	public void close() {
		this.logger.detachAppender(this.log);
	}

}
