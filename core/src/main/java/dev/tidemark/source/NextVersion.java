package dev.tidemark.source;

import java.util.Comparator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Gives versions that nothing has yet, each above the one before and spelled as the
 * newest that is taken. Not thread-safe.
 */
public final class NextVersion {

	private @Nullable String last;

	private NextVersion(@Nullable String last) {
		this.last = last;
	}

	/**
	 * Begins above some versions.
	 * @param taken the versions as they are spelled
	 * @return what follows the newest of them; 1 if there is none
	 */
	static NextVersion above(Stream<String> taken) {
		return new NextVersion(taken.max(Comparator.comparing(MigrationVersion::of)).orElse(null));
	}

	/**
	 * Takes the next version.
	 * @return the version as it is to be spelled
	 */
	public String take() {
		this.last = (this.last != null) ? MigrationVersion.following(this.last) : "1";
		return this.last;
	}

}
