package dev.tidemark.run.code;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;

/**
 * The connection of a run while code works with it. It refuses what would begin or end
 * the transaction or the connection, and everything once the code has returned. It hears
 * what the driver throws, as code may catch it: after an {@link Error} in the middle of
 * the driver's work nobody knows which answer belongs to what, so that nothing is sent
 * any more. What is unwrapped is the driver's own.
 */
final class GuardedConnection implements InvocationHandler, AutoCloseable {

	private static final Set<String> REFUSED = Set.of("abort", "close", "commit", "setAutoCommit");

	/**
	 * What a native image has to know before it runs: the most special ones come first.
	 */
	static final List<List<Class<?>>> WORKERS = List.of(List.of(CallableStatement.class, PGStatement.class),
			List.of(PreparedStatement.class, PGStatement.class), List.of(Statement.class, PGStatement.class),
			List.of(CallableStatement.class), List.of(PreparedStatement.class), List.of(Statement.class),
			List.of(ResultSet.class), List.of(DatabaseMetaData.class));

	private static final String NO_CONNECTION = "08003";

	private final Connection connection;

	private final Connection proxy;

	private volatile boolean returned;

	private volatile @Nullable Error error;

	private volatile @Nullable SQLException end;

	private volatile long rows;

	GuardedConnection(Connection connection) {
		this.connection = connection;
		this.proxy = (Connection) Proxy.newProxyInstance(GuardedConnection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, this);
	}

	/** Returns what the code may have. */
	Connection connection() {
		return this.proxy;
	}

	/** Returns the error that has ended the driver's work half-way, if one has. */
	@Nullable Error error() {
		return this.error;
	}

	/** Returns what the code was told of the end of its session, if it was. */
	@Nullable SQLException end() {
		return this.end;
	}

	/** Returns how many rows the code was told that its updates have changed. */
	long rows() {
		return this.rows;
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
				requireNotReturned();
				requireAllowed(method);
		}
		if (method.getDeclaringClass() == Wrapper.class && arguments != null && arguments[0] == Connection.class) {
			return method.getName().equals("unwrap") ? self : Boolean.TRUE;
		}
		return call(this.connection, method, arguments);
	}

	/** Of an error no more than a reference is kept here: there may be no stack left. */
	private @Nullable Object call(Object target, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		if (this.error != null) {
			return outOfStep(method);
		}
		try {
			return lent(method, callDriver(target, method, arguments));
		}
		catch (Error ex) {
			if (this.error == null) {
				this.error = ex;
			}
			throw ex;
		}
	}

	private @Nullable Object callDriver(Object target, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			if (ex.getTargetException() instanceof SQLException sql && this.end == null
					&& ServerError.of(sql).isConnectionLost()) {
				this.end = sql;
			}
			throw ex.getTargetException();
		}
	}

	private static @Nullable Object outOfStep(Method method) throws SQLException {
		return switch (method.getName()) {
			case "close" -> null;
			case "isClosed" -> true;
			case "isValid" -> false;
			default -> throw new SQLException(
					"An error in the middle of the driver's work has ended the connection; nothing is sent over it any more",
					NO_CONNECTION);
		};
	}

	/** What works over the connection is lent as that is. */
	private @Nullable Object lent(Method method, @Nullable Object result) {
		if (method.getDeclaringClass() == Wrapper.class) {
			return result;
		}
		if (result instanceof Connection) {
			return this.proxy;
		}
		return WORKERS.stream()
			.filter((types) -> types.stream().allMatch((type) -> type.isInstance(result)))
			.findFirst()
			.map((types) -> Proxy.newProxyInstance(GuardedConnection.class.getClassLoader(),
					types.toArray(Class<?>[]::new), new Worker(Objects.requireNonNull(result))))
			.orElse(result);
	}

	private void requireNotReturned() {
		if (this.returned) {
			throw refused("Code used the connection of a run after it had returned.",
					"Do all work before the code returns, on the thread that called it.");
		}
	}

	private static void requireAllowed(Method method) {
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

	/** A statement, a result or what else works over the connection. */
	private final class Worker implements InvocationHandler {

		private final Object target;

		Worker(Object target) {
			this.target = target;
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
					return this.target.toString();
				case "close":
					// Streams are closed late.
					break;
				default:
					requireNotReturned();
			}
			Object result = call(this.target, method, arguments);
			if (method.getName().startsWith("execute")) {
				GuardedConnection.this.rows += updated(result);
			}
			return result;
		}

		private static long updated(@Nullable Object result) {
			if (result instanceof Number count) {
				return count.longValue();
			}
			if (result instanceof int[] counts) {
				return Arrays.stream(counts).filter((count) -> count > 0).asLongStream().sum();
			}
			return (result instanceof long[] counts) ? Arrays.stream(counts).filter((count) -> count > 0).sum() : 0;
		}

	}

}
