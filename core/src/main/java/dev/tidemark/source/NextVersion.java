package dev.tidemark.source;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.MigrationVersion;

/**
 * Gives versions that nothing has yet, each above the one before and spelled as the
 * newest that is taken. It looks at nothing before the first one is taken, and never
 * gives one twice: what is said of one file must not collide with what is said of
 * another. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class NextVersion {

	private final Supplier<Stream<String>> taken;

	private final Supplier<Stream<MigrationVersion>> spokenFor;

	private @Nullable Set<MigrationVersion> skipped;

	private @Nullable String last;

	private NextVersion(Supplier<Stream<String>> taken, Supplier<Stream<MigrationVersion>> spokenFor) {
		this.taken = taken;
		this.spokenFor = spokenFor;
	}

	/**
	 * Begins above some versions.
	 * @param taken the versions as they are spelled
	 * @param spokenFor versions that are not given either, but do not say where to begin
	 * @return what follows the newest of those that are taken; 1 if there is none
	 */
	static NextVersion above(Supplier<Stream<String>> taken, Supplier<Stream<MigrationVersion>> spokenFor) {
		return new NextVersion(taken, spokenFor);
	}

	/**
	 * Takes the next version.
	 * @return the version as it is to be spelled
	 */
	public String take() {
		Set<MigrationVersion> notFree = this.skipped;
		if (notFree == null) {
			notFree = new HashSet<>(this.spokenFor.get().toList());
			this.skipped = notFree;
			this.last = this.taken.get().max(Comparator.comparing(MigrationVersion::of)).orElse(null);
		}
		String next = following(this.last);
		while (notFree.contains(MigrationVersion.of(next))) {
			next = following(next);
		}
		this.last = next;
		return next;
	}

	private static String following(@Nullable String version) {
		return (version != null) ? MigrationVersion.following(version) : "1";
	}

}
