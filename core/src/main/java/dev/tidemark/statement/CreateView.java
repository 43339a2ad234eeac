package dev.tidemark.statement;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code CREATE VIEW}.
 *
 * @param name the view
 * @param temporary whether it goes with the session
 * @param orReplace whether an existing one is replaced
 * @param columns the names of its columns, if they are given
 * @param options the names of its options in lower case, such as {@code security_invoker}
 * @param query the query
 * @since 0.1.0
 */
public record CreateView(QualifiedName name, boolean temporary, boolean orReplace, List<String> columns,
		Set<String> options, Statement query) implements Statement {

	/** Copies what it is given. */
	public CreateView {
		columns = List.copyOf(columns);
		options = Set.copyOf(options);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
