package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code CREATE TYPE}.
 *
 * @param name the type
 * @param form what it is made of
 * @param labels the values of an enum, in order
 * @param attributes the attributes of a composite type
 * @since 0.1.0
 */
public record CreateType(QualifiedName name, Form form, List<String> labels,
		List<ColumnDefinition> attributes) implements Statement {

	/** Copies what it is given. */
	public CreateType {
		labels = List.copyOf(labels);
		attributes = List.copyOf(attributes);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	/**
	 * What a type can be made of.
	 *
	 * @since 0.1.0
	 */
	public enum Form {

		/** A list of values. */
		ENUM,

		/** Attributes. */
		COMPOSITE,

		/** Ranges of another type. */
		RANGE,

		/** Functions in C. */
		BASE,

		/** Nothing yet. */
		SHELL

	}

}
