package dev.tidemark;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.jdbc.datasource.AbstractDataSource;

import dev.tidemark.run.ConnectionSource;
import dev.tidemark.testkit.TestDatabase;

/**
 * A data source whose driver throws what no driver should, once, when a message begins
 * with a certain text: before the server has it, or after the server has answered.
 */
final class HostileDriver extends AbstractDataSource {

	private final DataSource dataSource;

	private final String marker;

	private final boolean after;

	private @Nullable Supplier<Throwable> trap;

	private HostileDriver(DataSource dataSource, String marker, boolean after, Supplier<Throwable> trap) {
		this.dataSource = dataSource;
		this.marker = marker;
		this.after = after;
		this.trap = trap;
	}

	/** Begins to build an instance with such a driver. */
	static Tidemark.Builder tidemark(TestDatabase database, MigrationFolder folder, String marker, boolean after,
			Supplier<Throwable> trap) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(database.jdbcUrl());
		dataSource.setUser(database.user());
		dataSource.setPassword(database.password());
		return Tidemark.builder(ConnectionSource.of(new HostileDriver(dataSource, marker, after, trap)))
			.locations(folder.location());
	}

	@Override
	public Connection getConnection() throws SQLException {
		BaseConnection connection = this.dataSource.getConnection().unwrap(BaseConnection.class);
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { BaseConnection.class },
				(proxy, method, arguments) -> switch (method.getName()) {
					case "unwrap" ->
						(arguments[0] == BaseConnection.class) ? proxy : invoke(connection, method, arguments);
					case "getQueryExecutor" -> executor(connection.getQueryExecutor());
					default -> invoke(connection, method, arguments);
				});
	}

	@Override
	public Connection getConnection(String user, String password) throws SQLException {
		return getConnection();
	}

	private QueryExecutor executor(QueryExecutor executor) {
		return (QueryExecutor) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { QueryExecutor.class }, (proxy, method, arguments) -> {
					boolean trapped = this.trap != null && method.getName().equals("execute")
							&& arguments[0] instanceof Query query && isMarked(query);
					if (!trapped) {
						return invoke(executor, method, arguments);
					}
					Supplier<Throwable> trap = this.trap;
					this.trap = null;
					if (this.after) {
						invoke(executor, method, arguments);
					}
					throw trap.get();
				});
	}

	private boolean isMarked(Query query) {
		Query[] parts = query.getSubqueries();
		if (parts == null) {
			return query.getNativeSql().startsWith(this.marker);
		}
		for (Query part : parts) {
			if (isMarked(part)) {
				return true;
			}
		}
		return false;
	}

	private static @Nullable Object invoke(Object target, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

}
