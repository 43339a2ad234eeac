package dev.tidemark.statement;

/**
 * What {@code ALTER} does to objects of any kind.
 *
 * @since 0.1.0
 */
public sealed interface ObjectAction {

	/**
	 * It gets another name.
	 *
	 * @param to the new name
	 * @since 0.1.0
	 */
	record Rename(String to) implements ObjectAction {

	}

	/**
	 * It moves to another schema.
	 *
	 * @param schema the schema
	 * @since 0.1.0
	 */
	record SetSchema(String schema) implements ObjectAction {

	}

	/**
	 * Somebody else owns it.
	 *
	 * @param role the role as SQL
	 * @since 0.1.0
	 */
	record ChangeOwner(String role) implements ObjectAction {

	}

	/**
	 * It goes with an extension from now on, or does not any more.
	 *
	 * @param extension the extension
	 * @param depends whether it does
	 * @since 0.1.0
	 */
	record DependOnExtension(String extension, boolean depends) implements ObjectAction {

	}

	/**
	 * Something else, which does nothing to relations.
	 *
	 * @param word the keyword that it begins with, in upper case
	 * @since 0.1.0
	 */
	record Other(String word) implements ObjectAction {

	}

}
