package dev.tidemark.run;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.safety.Answer;
import dev.tidemark.safety.Facts;
import dev.tidemark.sql.QualifiedName;

/**
 * Knows nothing of any database, so that whatever statements may lose by their text
 * counts.
 */
final class UnaskedFacts implements Facts {

	@Override
	public Answer holdsRows(QualifiedName table) {
		return Answer.UNKNOWN;
	}

	@Override
	public Answer holdsValues(QualifiedName table, String column) {
		return Answer.UNKNOWN;
	}

	@Override
	public @Nullable Long rows(QualifiedName table) {
		return null;
	}

	@Override
	public @Nullable String type(QualifiedName table, String column) {
		return null;
	}

	@Override
	public Optional<List<QualifiedName>> tables(String extension) {
		return Optional.empty();
	}

	@Override
	public Set<String> functions(Set<String> names) {
		return names;
	}

}
