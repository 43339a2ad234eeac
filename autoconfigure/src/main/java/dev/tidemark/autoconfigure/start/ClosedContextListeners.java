package dev.tidemark.autoconfigure.start;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.SingletonBeanRegistry;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.support.AbstractApplicationContext;

/**
 * Keeps listeners from being made when all beans are gone. Spring Boot tells a context
 * whose refresh has failed with an exit code of it: a listener that is a bean and was not
 * needed before would be made for that, of a bean factory that cannot make it any more,
 * and with the exception that comes of it the exit code would be lost.
 */
final class ClosedContextListeners implements DisposableBean {

	private final SingletonBeanRegistry beans;

	ClosedContextListeners(SingletonBeanRegistry beans) {
		this.beans = beans;
	}

	@Override
	public void destroy() {
		if (this.beans.getSingleton(
				AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME) instanceof ApplicationEventMulticaster multicaster) {
			multicaster.removeApplicationListenerBeans((name) -> true);
		}
	}

}
