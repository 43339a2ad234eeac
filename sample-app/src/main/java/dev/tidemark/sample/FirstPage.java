package dev.tidemark.sample;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says where to begin, once somebody answers there. */
@Component
class FirstPage {

	private static final Logger logger = LoggerFactory.getLogger(FirstPage.class);

	private final Environment environment;

	FirstPage(Environment environment) {
		this.environment = environment;
	}

	@EventListener(ApplicationReadyEvent.class)
	void tell() {
		logger.info("Open http://localhost:{}/", this.environment.getProperty("local.server.port"));
	}

}
