package dev.tidemark.source;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LocationTests {

	@ParameterizedTest
	@CsvSource({ "classpath:db/migration, classpath:db/migration", "db/migration, classpath:db/migration",
			"classpath:/db/migration/, classpath:db/migration", "filesystem:/var/sql/, filesystem:/var/sql",
			"filesystem:sql, filesystem:sql", "FILESYSTEM:sql, filesystem:sql",
			"filesystem:C:\\sql, filesystem:C:/sql" })
	void readsPrefixAndPath(String text, String location) {
		assertThat(Location.of(text)).hasToString(location);
	}

	@Test
	void theVendorIsAlwaysTheSame() {
		assertThat(Location.of("classpath:db/{vendor}")).hasToString("classpath:db/postgresql");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "classpath:", "filesystem:", "s3:bucket", "http://example.org/sql", "filesystem:a\0b" })
	void theseAreNoLocations(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Location.of(text))
			.withMessageContaining("'" + text + "' is not a location");
	}

}
