package dev.tidemark;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.run.ConnectionSource;
import dev.tidemark.test.PostgresExtension;
import dev.tidemark.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * How often a run talks to the server: every execution of a statement is counted.
 */
@ExtendWith(PostgresExtension.class)
class RoundTripTests {

	private static final List<Class<?>> OBSERVED = List.of(Connection.class, DatabaseMetaData.class,
			PreparedStatement.class, Statement.class);

	private final TestDatabase database;

	private final List<String> executed = new ArrayList<>();

	private String product = "PostgreSQL";

	private MigrationFolder folder;

	RoundTripTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
	}

	private Tidemark tidemark() {
		return Tidemark.builder(ConnectionSource.of(dataSource())).locations(this.folder.location()).build();
	}

	@Test
	void nothingPendingIsOneRoundTrip() {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()").add("R__b.sql", "SELECT 1");
		tidemark().migrate();
		this.executed.clear();

		tidemark().migrate();

		assertThat(this.executed).hasSize(1);
	}

	@Test
	void aPendingFileCostsItsStatementsAndOneMore() {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		this.folder.tidemark(this.database).build().migrate();
		this.folder.add("V2__b.sql", "SELECT 1; SELECT 2");
		tidemark().migrate();
		int two = this.executed.size();
		this.executed.clear();
		this.folder.add("V3__c.sql", "SELECT 1; SELECT 2").add("V4__d.sql", "SELECT 1; SELECT 2");

		tidemark().migrate();

		// A connection that is not our own sends BEGIN by itself.
		assertThat(this.executed.size() - two).isEqualTo(4);
	}

	@Test
	void anotherProductIsRefused() {
		this.product = "H2";
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.NOT_POSTGRESQL);
		assertThat(failure).hasMessageContaining("H2");
		assertThat(this.executed).isEmpty();
	}

	/** A data source whose connections and statements tell what they execute. */
	private DataSource dataSource() {
		return proxy(DataSource.class, null, (method, arguments) -> this.database.connect());
	}

	private <T> T proxy(Class<T> type, Object target, Call call) {
		InvocationHandler handler = (proxy, method, arguments) -> {
			if (method.getName().startsWith("execute")) {
				this.executed.add((arguments != null) ? arguments[0].toString() : target.toString());
			}
			try {
				return observed(method, call.invoke(method, arguments));
			}
			catch (InvocationTargetException ex) {
				throw ex.getCause();
			}
		};
		return type.cast(Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { type }, handler));
	}

	private Object observed(Method method, Object result) {
		if (method.getName().equals("getDatabaseProductName")) {
			return this.product;
		}
		if (!method.getName().equals("unwrap")) {
			for (Class<?> type : OBSERVED) {
				if (type.isInstance(result)) {
					return proxy(type, result, (called, arguments) -> called.invoke(result, arguments));
				}
			}
		}
		return result;
	}

	private interface Call {

		Object invoke(Method method, Object[] arguments) throws Exception;

	}

}
