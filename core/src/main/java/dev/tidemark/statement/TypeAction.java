package dev.tidemark.statement;

/**
 * One thing that {@code ALTER TYPE} does.
 *
 * @since 0.1.0
 */
public sealed interface TypeAction {

	/**
	 * An enum gets a value.
	 *
	 * @param value the value
	 * @param ifNotExists whether it may be there
	 * @since 0.1.0
	 */
	record AddValue(String value, boolean ifNotExists) implements TypeAction {

	}

	/**
	 * A value of an enum gets another name.
	 *
	 * @param from its name before
	 * @param to its new name
	 * @since 0.1.0
	 */
	record RenameValue(String from, String to) implements TypeAction {

	}

	/**
	 * A composite type gets an attribute.
	 *
	 * @param attribute the attribute
	 * @param cascade whether typed tables get it too
	 * @since 0.1.0
	 */
	record AddAttribute(ColumnDefinition attribute, boolean cascade) implements TypeAction {

	}

	/**
	 * A composite type loses an attribute.
	 *
	 * @param attribute the attribute
	 * @param ifExists whether it may be missing
	 * @param cascade whether typed tables lose it too
	 * @since 0.1.0
	 */
	record DropAttribute(String attribute, boolean ifExists, boolean cascade) implements TypeAction {

	}

	/**
	 * An attribute gets another type.
	 *
	 * @param attribute the attribute
	 * @param type its new type
	 * @param cascade whether that of typed tables changes too
	 * @since 0.1.0
	 */
	record AlterAttribute(String attribute, TypeName type, boolean cascade) implements TypeAction {

	}

	/**
	 * An attribute gets another name.
	 *
	 * @param attribute the attribute
	 * @param to its new name
	 * @param cascade whether that of typed tables changes too
	 * @since 0.1.0
	 */
	record RenameAttribute(String attribute, String to, boolean cascade) implements TypeAction {

	}

	/**
	 * Properties of a base type are set.
	 *
	 * @since 0.1.0
	 */
	record SetProperties() implements TypeAction {

	}

}
