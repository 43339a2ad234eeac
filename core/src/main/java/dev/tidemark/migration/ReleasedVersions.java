package dev.tidemark.migration;

/**
 * Strategy interface that tells which migrations are released: a branch may add to them,
 * and change nothing.
 *
 * @since 0.1.0
 */
public interface ReleasedVersions {

	/**
	 * Return what people call the release, such as the name of a branch.
	 * @return the name
	 */
	String name();

	/**
	 * Return whether a migration is released, whatever its text.
	 * @param migration the migration
	 * @return {@code true} if the release has it; never for a repeatable, which may
	 * change at any time
	 */
	boolean has(Identity migration);

	/**
	 * Return whether versions alone tell what is released, whatever they are written in.
	 * @return {@code false} if files were looked up, so that of code nothing is known
	 */
	boolean isOfVersions();

}
