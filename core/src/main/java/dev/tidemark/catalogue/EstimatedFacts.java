package dev.tidemark.catalogue;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.safety.Facts;
import dev.tidemark.safety.Presence;
import dev.tidemark.sql.QualifiedName;

/**
 * Asks the database only where its estimates do not tell. A run must not search big
 * tables for a value to find out whether it may lose one.
 *
 * @since 0.1.0
 */
public final class EstimatedFacts implements Facts {

	private final Facts live;

	public EstimatedFacts(Facts live) {
		this.live = live;
	}

	@Override
	public Presence holdsRows(QualifiedName table) {
		return hasRows(table) ? Presence.YES : this.live.holdsRows(table);
	}

	@Override
	public Presence holdsValues(QualifiedName table, String column) {
		if (this.live.type(table, column) == null) {
			return Presence.ABSENT;
		}
		return hasRows(table) ? Presence.YES : this.live.holdsValues(table, column);
	}

	private boolean hasRows(QualifiedName table) {
		Long rows = this.live.rows(table);
		return rows != null && rows > 0;
	}

	@Override
	public @Nullable Long rows(QualifiedName table) {
		return this.live.rows(table);
	}

	@Override
	public @Nullable String type(QualifiedName table, String column) {
		return this.live.type(table, column);
	}

	@Override
	public Optional<List<QualifiedName>> tables(String extension) {
		return this.live.tables(extension);
	}

	@Override
	public Set<String> functions(Set<String> names) {
		return this.live.functions(names);
	}

	@Override
	public boolean followsRole() {
		return this.live.followsRole();
	}

}
