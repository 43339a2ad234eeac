package dev.tidemark.autoconfigure.code;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/**
 * All beans of a type in their order. Where a scoped bean stands behind a proxy there are
 * two of that type: it counts once, as the proxy, as it does for whoever gets it
 * injected.
 *
 * @since 0.1.0
 */
public final class OrderedBeans {

	private final ConfigurableListableBeanFactory beans;

	public OrderedBeans(ConfigurableListableBeanFactory beans) {
		this.beans = beans;
	}

	public <T> List<T> get(Class<T> type) {
		Map<Object, Object> sources = new IdentityHashMap<>();
		List<T> objects = new ArrayList<>();
		for (String name : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beans, type)) {
			Object bean = ScopedProxyUtils.isScopedTarget(name) ? null : this.beans.getBean(name);
			// What a method has returned null for is of no type.
			if (type.isInstance(bean)) {
				objects.add(type.cast(bean));
				Method method = method(name);
				if (method != null) {
					sources.put(bean, method);
				}
			}
		}
		objects.sort(AnnotationAwareOrderComparator.INSTANCE.withSourceProvider(sources::get));
		return objects;
	}

	/** The method that makes a bean may have its order, as it has for Spring. */
	private @Nullable Method method(String name) {
		return (this.beans.containsBeanDefinition(name)
				&& this.beans.getMergedBeanDefinition(name) instanceof RootBeanDefinition definition)
						? definition.getResolvedFactoryMethod() : null;
	}

}
