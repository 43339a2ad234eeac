package dev.tidemark.source;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.source.folder.Exclusions;
import dev.tidemark.source.format.FileName;
import dev.tidemark.source.format.Naming;
import dev.tidemark.source.format.TidemarkFormat;

/**
 * Files whose names do not say for sure that they are migrations, nor that they are none.
 * What is told of them never makes a migration of a file that is none: what to rename and
 * what to exclude is said side by side.
 */
final class DoubtfulFiles {

	private final List<Found> files = new ArrayList<>();

	/** The folders below locations that hold a migration, somewhere below them. */
	private final Set<String> folders = new HashSet<>();

	/**
	 * Notes a file.
	 * @param path its path below its location
	 */
	void add(String path, String script, FileName.Doubtful name) {
		this.files.add(new Found(path, script, name));
	}

	boolean isEmpty() {
		return this.files.isEmpty();
	}

	/** Returns the versions that they are likely to have once they are renamed. */
	Stream<MigrationVersion> versions(Naming naming) {
		return this.files.stream()
			.flatMap((file) -> Stream.of(Optional.ofNullable(file.name().version()),
					Optional.ofNullable(file.meant(naming)).map(Identity::version)))
			.flatMap(Optional::stream);
	}

	/** Notes where a file lies that is a migration, an undo file or a callback. */
	void addSure(String path) {
		int slash = path.lastIndexOf('/');
		while (slash > 0 && this.folders.add(path.substring(0, slash))) {
			slash = path.lastIndexOf('/', slash - 1);
		}
	}

	/**
	 * Returns what is told, once for all alike of a folder that holds no migration.
	 * @param migrations finds the migration of an identity, or returns {@code null}
	 * @param taken tells whether a migration or a database has an identity
	 * @param next gives free versions
	 */
	List<Problem> problems(Function<Identity, @Nullable Migration> migrations, Predicate<Identity> taken,
			NextVersion next, Naming naming) {
		Set<Identity> named = new HashSet<>();
		Predicate<Identity> isTaken = (identity) -> taken.test(identity) || !named.add(identity);
		Map<String, List<Found>> alike = new LinkedHashMap<>();
		for (Found file : this.files) {
			String key = file.pattern(this.folders) + "\n"
					+ ((file.companion(migrations) != null) ? "" : file.name().what());
			alike.computeIfAbsent(key, (unused) -> new ArrayList<>()).add(file);
		}
		return alike.values()
			.stream()
			.map((found) -> found.get(0).problem(found.size() - 1, this.folders, migrations, isTaken, next, naming))
			.toList();
	}

	/**
	 * A file.
	 *
	 * @param path its path below its location
	 * @param script the name that people know it by
	 * @param name what its name says
	 */
	private record Found(String path, String script, FileName.Doubtful name) {

		/** What a migration has already is no migration with a prefix forgotten. */
		boolean isError(Function<Identity, @Nullable Migration> migrations) {
			return this.name.isError() && companion(migrations) == null;
		}

		@Nullable Migration companion(Function<Identity, @Nullable Migration> migrations) {
			return (this.name.version() != null) ? migrations.apply(new Identity.Versioned(this.name.version())) : null;
		}

		/**
		 * Returns what excludes it, with its whole folder if that holds no migration.
		 * What is a slip of the pen may have been meant to be the first one there.
		 */
		String pattern(Set<String> sure) {
			boolean slip = this.name.isError() && !Character.isDigit(this.path.charAt(this.path.lastIndexOf('/') + 1));
			int first = slip ? -1 : this.path.indexOf('/');
			for (int slash = first; slash > 0; slash = this.path.indexOf('/', slash + 1)) {
				if (!sure.contains(this.path.substring(0, slash))) {
					return Exclusions.below(this.path.substring(0, slash));
				}
			}
			return Exclusions.literal(this.path);
		}

		Problem problem(int others, Set<String> sure, Function<Identity, @Nullable Migration> migrations,
				Predicate<Identity> taken, NextVersion next, Naming naming) {
			Migration companion = companion(migrations);
			String what = this.name.what();
			String remedy = remedy(taken, next, naming);
			if (companion != null) {
				what = "The file is not run: its name has no prefix, and " + companion.inWords() + " has "
						+ companion.script() + ".";
				remedy = "";
			}
			if (others > 0) {
				what += " The same goes for " + ((others == 1) ? "1 other file" : others + " other files")
						+ " below this folder.";
			}
			remedy += (remedy.isEmpty() ? "M" : " If it is not for Tidemark, m")
					+ "ove it out of the location, or exclude it: " + SettingNames.name("files.exclude") + "="
					+ pattern(sure);
			Place place = Place.file(this.script);
			return isError(migrations) ? Problem.error(this.name.code(), place, what, remedy)
					: Problem.warning(this.name.code(), place, what, remedy);
		}

		/** A version that is taken is not given a second time. */
		private String remedy(Predicate<Identity> taken, NextVersion next, Naming naming) {
			String renamed = this.name.renamed();
			Identity meant = meant(naming);
			if (renamed == null || meant == null || !taken.test(meant)) {
				return this.name.remedy();
			}
			return "If it is a migration, rename it to " + naming.withVersion(renamed, next.take())
					+ ", the next free version: " + meant.inWords() + " is taken.";
		}

		/** Returns the version of the name that it is told to take. */
		@Nullable Identity meant(Naming naming) {
			String renamed = this.name.renamed();
			return (renamed != null && new TidemarkFormat(naming).parse(renamed) instanceof FileName.Known known
					&& known.identity().isVersioned()) ? known.identity() : null;
		}

	}

}
