package dev.tidemark.run;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Wrapper;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;

/**
 * The connection of a run while code works with it. It refuses what would begin or end
 * the transaction or the connection, and everything once the code has returned.
 */
final class LentConnection implements InvocationHandler, AutoCloseable {

	private static final Set<String> REFUSED = Set.of("abort", "close", "commit", "setAutoCommit");

	private final Connection connection;

	private final Connection proxy;

	private volatile boolean returned;

	LentConnection(Connection connection) {
		this.connection = connection;
		this.proxy = (Connection) Proxy.newProxyInstance(LentConnection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, this);
	}

	/** Returns what the code may have. */
	Connection connection() {
		return this.proxy;
	}

	@Override
	public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		switch (method.getName()) {
			case "equals":
				return arguments != null && self == arguments[0];
			case "hashCode":
				return System.identityHashCode(self);
			case "toString":
				return "Connection of a run, lent to code";
			default:
				requireAllowed(method);
		}
		if (method.getDeclaringClass() == Wrapper.class && arguments != null && arguments[0] == Connection.class) {
			return method.getName().equals("unwrap") ? self : Boolean.TRUE;
		}
		try {
			return method.invoke(this.connection, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	private void requireAllowed(Method method) {
		if (this.returned) {
			throw refused("Code used the connection of a run after it had returned.",
					"Do all work before the code returns, on the thread that called it.");
		}
		boolean rollback = method.getName().equals("rollback") && method.getParameterCount() == 0;
		if (rollback || REFUSED.contains(method.getName())) {
			throw refused(
					"Code called Connection." + method.getName()
							+ "(), but neither the transaction nor the connection is its own.",
					"Remove the call: the transaction commits when the code returns, and is rolled back when it "
							+ "throws an exception.");
		}
	}

	private static TidemarkException refused(String what, String remedy) {
		return new TidemarkException(Problem.error(ErrorCode.CODE_TRANSACTION, (Place) null, what, remedy));
	}

	/** From now on the code cannot use it any more. */
	@Override
	public void close() {
		this.returned = true;
	}

}
