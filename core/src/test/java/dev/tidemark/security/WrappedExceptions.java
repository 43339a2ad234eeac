package dev.tidemark.security;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * Makes connections and statements throw exceptions of their own, as drivers and pools do
 * that wrap others.
 */
record WrappedExceptions(Object target) implements InvocationHandler {

	static <T> T of(T target, Class<T> type) {
		return type.cast(Proxy.newProxyInstance(WrappedExceptions.class.getClassLoader(), new Class<?>[] { type },
				new WrappedExceptions(target)));
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
		try {
			Object result = method.invoke(this.target, arguments);
			return (result instanceof Statement statement && method.getReturnType() == Statement.class)
					? of(statement, Statement.class) : result;
		}
		catch (InvocationTargetException ex) {
			throw (ex.getCause() instanceof SQLException sql)
					? new SQLException("The wrapped statement failed: " + sql.getMessage(), sql) : ex.getCause();
		}
	}

}
