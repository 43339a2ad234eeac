package dev.tidemark.statement;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * What reads or writes rows: {@code SELECT}, {@code VALUES}, {@code TABLE},
 * {@code INSERT}, {@code UPDATE}, {@code DELETE}, {@code MERGE}, and {@code WITH} before
 * them.
 *
 * @param changes what is written, in the order of the text, in {@code WITH} too; none for
 * a query that only reads
 * @param functions what may be functions that are called
 * @param settings what is set through {@code set_config()}, as far as it is constant
 * @param locksRows whether rows are locked, as by {@code FOR UPDATE}
 * @since 0.1.0
 */
public record Rows(List<RowChange> changes, Set<QualifiedName> functions, List<SetParameter> settings,
		boolean locksRows) implements Statement {

	/** Copies what it is given. */
	public Rows {
		changes = List.copyOf(changes);
		functions = Set.copyOf(functions);
		settings = List.copyOf(settings);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
