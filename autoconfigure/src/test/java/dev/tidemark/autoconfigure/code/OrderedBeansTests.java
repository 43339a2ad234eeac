package dev.tidemark.autoconfigure.code;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Beans in their order.
 */
class OrderedBeansTests {

	@Test
	void methodsThatMakeBeansSayTheirOrder() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Ordered.class)) {
			assertThat(new OrderedBeans(context.getBeanFactory()).get(Named.class)).extracting(Named::name)
				.containsExactly("first", "second", "third");
		}
	}

	@Test
	void aScopedBeanBehindAProxyIsOne() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Scoped.class)) {
			assertThat(new OrderedBeans(context.getBeanFactory()).get(Named.class)).extracting(Named::name)
				.containsExactlyInAnyOrder("plain", "scoped");
		}
	}

	@Test
	void beansOfParentContextsCountToo() {
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext(Scoped.class);
				AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.setParent(parent);
			context.register(Ordered.class);
			context.refresh();
			assertThat(new OrderedBeans(context.getBeanFactory()).get(Named.class)).hasSize(5);
		}
	}

	interface Named {

		String name();

	}

	@Configuration(proxyBeanMethods = false)
	static class Ordered {

		@Bean
		Named third() {
			return () -> "third";
		}

		@Bean
		@Order(2)
		Named second() {
			return () -> "second";
		}

		@Bean(autowireCandidate = false)
		@Order(1)
		Named first() {
			return () -> "first";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Scoped {

		@Bean
		@Scope(scopeName = BeanDefinition.SCOPE_PROTOTYPE, proxyMode = ScopedProxyMode.INTERFACES)
		Named scoped() {
			return () -> "scoped";
		}

		@Bean
		Named plain() {
			return () -> "plain";
		}

	}

}
