package dev.tidemark.catalogue;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.tidemark.safety.Facts;
import dev.tidemark.safety.Presence;
import dev.tidemark.sql.QualifiedName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is asked of a database in the middle of a run.
 */
class EstimatedFactsTests {

	private static final QualifiedName TABLE = new QualifiedName(null, "a");

	@Test
	void aTableWithAnEstimateIsNotSearched() {
		Facts facts = new EstimatedFacts(new Live(1_000_000L, Presence.NO));

		assertThat(facts.holdsRows(TABLE)).isEqualTo(Presence.YES);
		assertThat(facts.holdsValues(TABLE, "x")).isEqualTo(Presence.YES);
	}

	@Test
	void aTableThatWasEmptyWhenItWasLookedAtIsAsked() {
		Facts facts = new EstimatedFacts(new Live(0L, Presence.YES));

		assertThat(facts.holdsRows(TABLE)).isEqualTo(Presence.YES);
		assertThat(facts.holdsValues(TABLE, "x")).isEqualTo(Presence.YES);
	}

	@Test
	void aTableWithoutAnEstimateIsAsked() {
		assertThat(new EstimatedFacts(new Live(null, Presence.NO)).holdsRows(TABLE)).isEqualTo(Presence.NO);
	}

	@Test
	void aColumnThatIsNotThereHoldsNothing() {
		assertThat(new EstimatedFacts(new Live(1_000_000L, Presence.YES)).holdsValues(TABLE, "none"))
			.isEqualTo(Presence.ABSENT);
	}

	/**
	 * A database with one table, of one column x.
	 *
	 * @param estimate about how many rows it has
	 * @param answer what a search finds
	 */
	private record Live(@Nullable Long estimate, Presence answer) implements Facts {

		@Override
		public Presence holdsRows(QualifiedName table) {
			return this.answer;
		}

		@Override
		public Presence holdsValues(QualifiedName table, String column) {
			return this.answer;
		}

		@Override
		public @Nullable Long rows(QualifiedName table) {
			return this.estimate;
		}

		@Override
		public @Nullable String type(QualifiedName table, String column) {
			return column.equals("x") ? "integer" : null;
		}

		@Override
		public Optional<List<QualifiedName>> tables(String extension) {
			return Optional.empty();
		}

		@Override
		public Set<String> functions(Set<String> names) {
			return names;
		}

		@Override
		public boolean followsRole() {
			return true;
		}

	}

}
