package dev.tidemark.migration;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ValueMemoryTests {

	private static ValueMemory memory(Map<String, String> values) {
		return new ValueMemory(Placeholders.of(values));
	}

	private static @Nullable String remember(Map<String, String> values, Collection<String> names) {
		return memory(values).remember(new TreeSet<>(names), List.of());
	}

	@Test
	void withoutPlaceholdersThereIsNothingToRemember() {
		assertThat(remember(Map.of("a", "1"), List.of())).isNull();
	}

	@Test
	void theSameValuesAreKnownAgain() {
		String remembered = remember(Map.of("a", "1", "b.c", "2", "d:e", ""), List.of("a", "b.c", "d:e"));

		assertThat(memory(Map.of("b.c", "2", "A", "1", "d:e", "", "other", "x")).isSame(remembered)).isTrue();
	}

	@Test
	void whatIsNotDeclaredNeedsNoDigest() {
		assertThat(remember(Map.of("other", "x"), List.of("a", "b"))).isEqualTo("a,b;-");
		assertThat(memory(Map.of("other", "x")).isSame("a,b;-")).isTrue();
		assertThat(memory(Map.of("b", "")).isSame("a,b;-")).isFalse();
	}

	@Test
	void anyChangeIsNoticed() {
		String remembered = remember(Map.of("a", "1", "b", ""), List.of("a", "b", "c"));

		assertThat(memory(Map.of("a", "1", "b", "")).isSame(remembered)).isTrue();
		assertThat(memory(Map.of("a", "2", "b", "")).isSame(remembered)).isFalse();
		assertThat(memory(Map.of("a", "1")).isSame(remembered)).isFalse();
		assertThat(memory(Map.of("a", "1", "b", "", "c", "")).isSame(remembered)).isFalse();
		assertThat(memory(Map.of("a", "", "b", "1")).isSame(remembered)).isFalse();
	}

	@Test
	void whatIsRememberedShowsNamesButNoValue() {
		assertThat(remember(Map.of("pw", "hunter2"), List.of("pw"))).startsWith("pw;pbkdf2-sha256;20000;")
			.doesNotContain("hunter2")
			.doesNotContain(" ");
	}

	@Test
	void everyHistoryHasASaltOfItsOwn() {
		assertThat(remember(Map.of("a", "1"), List.of("a"))).isNotEqualTo(remember(Map.of("a", "1"), List.of("a")));
	}

	@Test
	void allFilesOfAHistoryShareItsSalt() {
		String first = remember(Map.of("a", "1"), List.of("a"));
		String second = memory(Map.of("a", "1", "b", "2")).remember(new TreeSet<>(List.of("b")), List.of("x;-", first));

		assertThat(second.split(";")[3]).isEqualTo(first.split(";")[3]);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "a;argon2;3;x;y", "a;pbkdf2-sha256;0;AAAAAAAAAAAAAAAAAAAAAA;x",
			"a;pbkdf2-sha256;9999999;AAAAAAAAAAAAAAAAAAAAAA;x", "a;pbkdf2-sha256;20000;short;x" })
	void whatCannotBeReadHasChanged(String remembered) {
		assertThat(memory(Map.of("a", "1")).isSame(remembered)).isFalse();
		assertThat(memory(Map.of("a", "1")).remember(new TreeSet<>(List.of("a")), List.of(remembered)))
			.startsWith("a;pbkdf2-sha256;20000;");
	}

}
