package dev.tidemark.run;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Phase;
import dev.tidemark.run.inspect.Group;
import dev.tidemark.run.inspect.Page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PageTests {

	private final List<MigrationInfo> migrations = new ArrayList<>();

	private PageTests with(String version, MigrationState state, int rank) {
		Identity identity = Identity.of(version);
		this.migrations.add(new MigrationInfo(identity, Phase.EXPAND, "x", "V" + version + "__x.sql", null, state, null,
				false, null, (rank > 0) ? rank : null));
		return this;
	}

	private List<String> page(int number, int size) {
		return new Page(number, size).of(this.migrations, Group.APPLIED)
			.stream()
			.map((entry) -> entry.identity().toString())
			.toList();
	}

	@Test
	void whatRanLastComesFirst() {
		with("1", MigrationState.APPLIED, 1).with("2", MigrationState.APPLIED, 3).with("3", MigrationState.APPLIED, 2);

		assertThat(page(0, 2)).containsExactly("2", "3");
		assertThat(page(1, 2)).containsExactly("1");
		assertThat(page(2, 2)).isEmpty();
	}

	@Test
	void whatABaselineCoversComesLast() {
		with("1", MigrationState.BASELINE, 0).with("2", MigrationState.BASELINE, 0)
			.with("3", MigrationState.APPLIED, 1);

		assertThat(page(0, 10)).containsExactly("3", "2", "1");
	}

	@Test
	void whatIsNotInTheDatabaseIsOnNoPage() {
		with("1", MigrationState.APPLIED, 1).with("2", MigrationState.PENDING, 0).with("3", MigrationState.FAILED, 2);

		assertThat(page(0, 10)).containsExactly("1");
	}

	@Test
	void aPageMayBeAsFarAsANumberGoes() {
		with("1", MigrationState.APPLIED, 1);

		assertThat(page(Integer.MAX_VALUE, Page.LARGEST_SIZE)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "0, 10, 0", "1, 10, 1", "10, 10, 1", "11, 10, 2", "2147483647, 1000, 2147484", "5, 0, 0" })
	void theNumberOfPagesIsRoundedUp(int total, int size, int pages) {
		assertThat(new Page(0, size).count(total)).isEqualTo(pages);
	}

	@ParameterizedTest
	@CsvSource({ "-1, 10, page", "0, -1, size", "0, 1001, size" })
	void whatIsNoPageIsRefusedByName(int number, int size, String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new Page(number, size)).withMessageContaining("'" + name);
	}

}
