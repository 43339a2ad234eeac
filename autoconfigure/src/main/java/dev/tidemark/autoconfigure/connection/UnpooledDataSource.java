package dev.tidemark.autoconfigure.connection;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.ClassUtils;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.settings.LoginSql;

/**
 * Connections that a driver opens which wraps PostgreSQL's, where no pool has the same
 * ones.
 */
final class UnpooledDataSource extends SimpleDriverDataSource {

	private final @Nullable LoginSql loginSql;

	private UnpooledDataSource(Driver driver, String url, Properties properties, @Nullable LoginSql loginSql) {
		super(driver, url, properties);
		this.loginSql = loginSql;
	}

	/**
	 * Finds the driver.
	 * @param property the property that names the URL
	 * @param driverClassName the class of the driver, if it is known and opens the URL
	 * @throws TidemarkException if there is no driver for the URL
	 */
	static UnpooledDataSource of(String property, String url, @Nullable String driverClassName, Properties properties,
			@Nullable LoginSql loginSql) {
		try {
			return new UnpooledDataSource(driver(url, driverClassName), url, properties, loginSql);
		}
		catch (SQLException ex) {
			// Without a cause, which may show the URL.
			throw new TidemarkException(Problem.error(ErrorCode.NOT_POSTGRESQL, null,
					property + " does not begin with jdbc:postgresql:, and there is no driver that opens it.",
					"Write a URL that begins with jdbc:postgresql:, or add the driver that wraps PostgreSQL's to the class"
							+ " path. Where a DataSource bean uses that driver, name it as "
							+ SettingNames.name("connection.data-source") + "."));
		}
	}

	private static Driver driver(String url, @Nullable String driverClassName) throws SQLException {
		if (driverClassName != null
				&& BeanUtils
					.instantiateClass(ClassUtils.resolveClassName(driverClassName, null)) instanceof Driver driver
				&& driver.acceptsURL(url)) {
			return driver;
		}
		return DriverManager.getDriver(url);
	}

	@Override
	protected Connection getConnectionFromDriver(Properties properties) throws SQLException {
		Connection connection = super.getConnectionFromDriver(properties);
		if (this.loginSql != null) {
			this.loginSql.begin(connection);
		}
		return connection;
	}

}
