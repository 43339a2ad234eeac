package dev.tidemark.session.connect;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the driver makes of the URL and the properties that it is given.
 */
class DriverParametersTests {

	private static Properties told(String url, Map<String, String> given) {
		DriverParameters parameters = new DriverParameters(url, given);
		parameters.decide("tidemark", Duration.ofSeconds(7));
		return Driver.parseURL(parameters.url(), parameters.properties());
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			socketTimeout=2,              socketTimeout,           0
			queryTimeout=2,               queryTimeout,            0
			connectTimeout=1,             connectTimeout,          7
			loginTimeout=600,             loginTimeout,            7
			tcpKeepAlive=false,           tcpKeepAlive,            true
			readOnly=true,                readOnly,                false
			autosave=always,              autosave,                never
			preferQueryMode=extended,     preferQueryMode,         simple
			assumeMinServerVersion=9.4,   assumeMinServerVersion,  14
			ApplicationName=shop,         ApplicationName,         tidemark
			loadBalanceHosts=true,        loadBalanceHosts,        false
			replication=database,         replication,
			maxResultBuffer=10K,          maxResultBuffer,
			""")
	void theEngineDecidesWhereverItIsSaid(String parameter, String name, String expected) {
		String value = parameter.substring(parameter.indexOf('=') + 1);

		Properties told = told("jdbc:postgresql://db/orders?a=1&" + parameter + "&b=2", Map.of());
		assertThat(told.getProperty(name)).isEqualTo(expected);
		assertThat(told).containsEntry("a", "1").containsEntry("b", "2");
		assertThat(told("jdbc:postgresql://db/orders", Map.of(name, value)).getProperty(name)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "currentSchema=shop", "options=-c%20role=owner", "sslmode=require",
			"socketFactory=com.google.cloud.sql.postgres.SocketFactory", "cloudSqlInstance=a:b:c",
			"defaultRowFetchSize=100", "reWriteBatchedInserts=true", "cancelSignalTimeout=3",
			"targetServerType=secondary", "hostRecheckSeconds=1" })
	void whatMakesSessionsThoseOfTheApplicationStays(String parameter) {
		DriverParameters parameters = new DriverParameters("jdbc:postgresql://db/orders?" + parameter, Map.of());
		parameters.decide("tidemark", Duration.ofSeconds(7));

		assertThat(parameters.url()).isEqualTo("jdbc:postgresql://db/orders?" + parameter);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			jdbc:postgresql://a/x,
			jdbc:postgresql://a/x?targetServerType=preferSecondary, preferSecondary
			'jdbc:postgresql://a,b/x',                                 preferPrimary
			'jdbc:postgresql://a,b/x?targetServerType=any',            preferPrimary
			'jdbc:postgresql://a,b/x?targetServerType=preferSlave',    preferPrimary
			'jdbc:postgresql://a,b/x?targetServerType=primary',        primary
			'jdbc:postgresql://a,b/x?targetServerType=secondary',      secondary
			""")
	void ofSeveralServersThePrimaryIsPreferredUnlessAStandbyIsAskedFor(String url, String expected) {
		assertThat(told(url, Map.of()).getProperty("targetServerType")).isEqualTo(expected);
	}

	@Test
	void aGivenUserTakesThePlaceOfTheOneInTheUrlAndOfItsPassword() {
		DriverParameters parameters = new DriverParameters("jdbc:postgresql://db/orders?user=app&password=secret",
				Map.of());
		parameters.login("migrator", null);

		assertThat(parameters.url()).isEqualTo("jdbc:postgresql://db/orders");
		assertThat(parameters.properties()).containsExactly(Map.entry("user", "migrator"));
	}

	@Test
	void withoutAGivenUserTheOneInTheUrlStays() {
		DriverParameters parameters = new DriverParameters("jdbc:postgresql://db/orders?user=app&password=secret",
				Map.of());
		parameters.login(null, null);

		assertThat(parameters.url()).isEqualTo("jdbc:postgresql://db/orders?user=app&password=secret");
	}

}
