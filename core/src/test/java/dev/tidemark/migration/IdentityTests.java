package dev.tidemark.migration;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.source.format.FileName;
import dev.tidemark.source.format.Naming;
import dev.tidemark.source.format.TidemarkFormat;

import static org.assertj.core.api.Assertions.assertThat;

class IdentityTests {

	@ParameterizedTest
	@CsvSource({ "7, 7", "7.0, 7", "1_2, 1.2", "2026_11_20, 2026.11.20" })
	void whatLooksLikeAVersionIsOne(String text, String version) {
		assertThat(Identity.of(text)).isEqualTo(new Identity.Versioned(MigrationVersion.of(version)));
	}

	@ParameterizedTest
	@CsvSource({ "B7, 7", "B7.0, 7", "B2026_11_20, 2026.11.20" })
	void aVersionBehindABIsABaseline(String text, String version) {
		assertThat(Identity.of(text)).isEqualTo(new Identity.Baseline(MigrationVersion.of(version)))
			.isNotEqualTo(new Identity.Versioned(MigrationVersion.of(version)));
	}

	@Test
	void aBaselineFollowsTheVersionThatItReaches() {
		assertThat(Stream.of("v", "B2", "3", "B10", "2", "10", "a").map(Identity::of).sorted())
			.extracting(Identity::toString)
			.containsExactly("2", "B2", "3", "10", "B10", "a", "v");
	}

	@ParameterizedTest
	@CsvSource({ "7, version 7, versioned", "B7, baseline 7, baseline",
			"active_users, the repeatable 'active users', repeatable" })
	void anIdentityInWordsSaysItsKind(String text, String words, String kind) {
		assertThat(Identity.of(text).inWords()).isEqualTo(words);
		assertThat(Identity.of(text).kind()).isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource({ "7, 7, true", "6, 7, true", "7.1, 7, false", "B6, 7, false", "active_users, 7, false" })
	void aDatabaseAtAVersionHasThatVersionAndThoseBelow(String text, String version, boolean covered) {
		assertThat(Identity.of(text).isCoveredBy(MigrationVersion.of(version))).isEqualTo(covered);
	}

	@ParameterizedTest
	@CsvSource({ "7, true, false, false", "B7, false, true, false", "active_users, false, false, true" })
	void eachKindSaysHowItRuns(String text, boolean versioned, boolean baseline, boolean repeatable) {
		assertThat(Identity.of(text).isVersioned()).isEqualTo(versioned);
		assertThat(Identity.of(text).isBaseline()).isEqualTo(baseline);
		assertThat(Identity.of(text).isRepeatable()).isEqualTo(repeatable);
	}

	@ParameterizedTest
	@CsvSource({ "order_total, order total", "order total, order total", "_2024, 2024", "_1_2, 1 2", "v7, v7", "b7, b7",
			"_B7, B7", "B, B", "Bx, Bx" })
	void anythingElseIsTheNameOfARepeatable(String text, String name) {
		assertThat(Identity.of(text)).isEqualTo(new Identity.Repeatable(name));
	}

	@ParameterizedTest
	@ValueSource(strings = { "V7__x.sql", "V1_2__x.sql", "R__order_total.sql", "R__2024.sql", "R__1_2.sql", "B7__x.sql",
			"R__B7.sql", "R__a__b.sql", "R___x_.sql" })
	void whatIsTypedIsReadAsTheSameMigration(String file) {
		Identity identity = ((FileName.Known) new TidemarkFormat(Naming.DEFAULT).parse(file)).identity();

		assertThat(Identity.of(identity.typed())).isEqualTo(identity);
	}

	@Test
	void whatIsTypedHasNoBlank() {
		assertThat(new Identity.Repeatable("order total").typed()).isEqualTo("order_total");
		assertThat(new Identity.Repeatable("2024").typed()).isEqualTo("_2024");
		assertThat(Identity.of("1_2").typed()).isEqualTo("1.2");
	}

}
