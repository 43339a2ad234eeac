package dev.tidemark.safety;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * Knows nothing of any database, so that whatever statements may lose by their text
 * counts.
 *
 * @since 0.1.0
 */
public final class UnaskedFacts implements Facts {

	@Override
	public Presence holdsRows(QualifiedName table) {
		return Presence.UNKNOWN;
	}

	@Override
	public Presence holdsValues(QualifiedName table, String column) {
		return Presence.UNKNOWN;
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

	@Override
	public boolean followsRole() {
		return true;
	}

}
