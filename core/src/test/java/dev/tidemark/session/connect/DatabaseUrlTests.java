package dev.tidemark.session.connect;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DatabaseUrlTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			jdbc:postgresql://db/orders,                      jdbc:postgresql://db/other
			jdbc:postgresql://db:5433/orders,                 jdbc:postgresql://db:5433/other
			jdbc:postgresql://db/orders?sslmode=require&a=/b, jdbc:postgresql://db/other?sslmode=require&a=/b
			'jdbc:postgresql://a:1,b:2/orders',               'jdbc:postgresql://a:1,b:2/other'
			jdbc:postgresql://[::1]:5433/orders,              jdbc:postgresql://[::1]:5433/other
			jdbc:postgresql://db,                             jdbc:postgresql://db/other
			jdbc:postgresql://db?a=b,                         jdbc:postgresql://db/other?a=b
			jdbc:postgresql:///orders,                        jdbc:postgresql:///other
			jdbc:postgresql:orders,                           jdbc:postgresql:other
			jdbc:postgresql:orders?a=b,                       jdbc:postgresql:other?a=b
			""")
	void theDatabaseIsReplacedAndNothingElse(String url, String expected) {
		assertThat(DatabaseUrl.withDatabase(url, "other")).contains(expected);
	}

	@Test
	void theDatabaseIsRead() {
		assertThat(DatabaseUrl.database("jdbc:postgresql://db/a%20b?sslmode=require")).contains("a b");
		assertThat(DatabaseUrl.database("jdbc:postgresql://db/")).isEmpty();
		assertThat(DatabaseUrl.database("jdbc:h2:mem:orders")).isEmpty();
	}

	@Test
	void aNameIsEncoded() {
		assertThat(DatabaseUrl.withDatabase("jdbc:postgresql://db/orders", "a b?c/d"))
			.contains("jdbc:postgresql://db/a%20b%3Fc%2Fd");
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:tc:postgresql:18:///orders", "jdbc:h2:mem:orders",
			"jdbc:postgresql://db/orders?PGDBNAME=sales" })
	void aUrlWhosePathDoesNotDecideIsNotReplaced(String url) {
		assertThat(DatabaseUrl.withDatabase(url, "other")).isEmpty();
	}

}
