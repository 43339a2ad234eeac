package dev.tidemark.statement;

/**
 * What {@code ALTER DOMAIN} does.
 *
 * @since 0.1.0
 */
public sealed interface DomainAction {

	/**
	 * It gets another default.
	 *
	 * @param value the default
	 * @since 0.1.0
	 */
	record SetDefault(Expression value) implements DomainAction {

	}

	/**
	 * It has no default any more.
	 *
	 * @since 0.1.0
	 */
	record DropDefault() implements DomainAction {

	}

	/**
	 * Its values may not be null any more.
	 *
	 * @since 0.1.0
	 */
	record SetNotNull() implements DomainAction {

	}

	/**
	 * Its values may be null again.
	 *
	 * @since 0.1.0
	 */
	record DropNotNull() implements DomainAction {

	}

	/**
	 * It gets a constraint.
	 *
	 * @param constraint the constraint
	 * @since 0.1.0
	 */
	record AddConstraint(TableConstraint constraint) implements DomainAction {

	}

	/**
	 * It loses a constraint.
	 *
	 * @param name the constraint
	 * @param ifExists whether it may be missing
	 * @param cascade whether all that depends on it is dropped too
	 * @since 0.1.0
	 */
	record DropConstraint(String name, boolean ifExists, boolean cascade) implements DomainAction {

	}

	/**
	 * Existing values are checked against a constraint.
	 *
	 * @param name the constraint
	 * @since 0.1.0
	 */
	record ValidateConstraint(String name) implements DomainAction {

	}

	/**
	 * A constraint gets another name.
	 *
	 * @param name the constraint
	 * @param to its new name
	 * @since 0.1.0
	 */
	record RenameConstraint(String name, String to) implements DomainAction {

	}

}
