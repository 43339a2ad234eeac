package dev.tidemark.author;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Script;
import dev.tidemark.source.AppliedFile;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.NextVersion;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.Sources;
import dev.tidemark.source.VersionProblems;

/**
 * Checks migration files without a database: whether each can be read, and whether all
 * can join what is released already. So what a start would refuse is found when an
 * application is built.
 *
 * @since 0.1.0
 */
public final class FileCheck {

	private final SourceSettings settings;

	private final boolean undo;

	/**
	 * Makes a check.
	 * @param settings where the files lie and how they are read
	 */
	public FileCheck(SourceSettings settings) {
		this(settings, false);
	}

	/**
	 * Makes a check.
	 * @param settings where the files lie and how they are read
	 * @param undo whether each new version needs a way back, or has to say that it has
	 * none
	 */
	public FileCheck(SourceSettings settings, boolean undo) {
		this.settings = settings;
		this.undo = undo;
	}

	/**
	 * Checks the files.
	 * @param release what is released already
	 * @return all that is wrong
	 */
	public List<Problem> check(ReleasedMigrations release) {
		Sources sources = new MigrationSource(this.settings).read();
		NextVersion next = sources.versions().next(released(release));
		List<Problem> problems = new ArrayList<>(sources.problems(null, next));
		UndoCheck undos = new UndoCheck(sources, release, this.undo);
		sources.migrations().forEach((migration) -> undos.add(migration, load(migration::load, problems)));
		sources.undos().forEach((file) -> undos.add(file, load(file::load, problems)));
		sources.callbacks().forEach((callback) -> load(callback::load, problems));
		problems.addAll(undos.problems());
		problems.addAll(new Comparison(sources, release, next).problems());
		return problems;
	}

	private static List<AppliedFile> released(ReleasedMigrations release) {
		return release.newest()
			.entrySet()
			.stream()
			.map((file) -> new AppliedFile(file.getKey(), file.getValue().script(), file.getValue().checksum()))
			.toList();
	}

	private static @Nullable Script load(Supplier<Script> file, List<Problem> problems) {
		try {
			Script script = file.get();
			problems.addAll(script.warnings());
			return script;
		}
		catch (TidemarkException ex) {
			problems.addAll(ex.problems());
			return null;
		}
	}

	/** One comparison of files with a release. */
	private static final class Comparison {

		private final Map<Identity, Migration> files = new HashMap<>();

		private final ReleasedMigrations release;

		private final VersionProblems versions;

		/** Each file that has to be renamed gets a version of its own. */
		private final NextVersion next;

		private final List<Problem> problems = new ArrayList<>();

		Comparison(Sources sources, ReleasedMigrations release, NextVersion next) {
			for (Migration migration : sources.migrations()) {
				if (migration.identity().version() != null) {
					this.files.put(migration.identity(), migration);
				}
			}
			this.release = release;
			this.versions = sources.versions();
			this.next = next;
		}

		private static @Nullable MigrationVersion newest(Stream<MigrationVersion> versions) {
			return versions.max(Comparator.naturalOrder()).orElse(null);
		}

		List<Problem> problems() {
			MigrationVersion newest = newest(this.release.versions().stream());
			if (newest == null) {
				return List.of();
			}
			this.release.begun()
				.entrySet()
				.stream()
				.sorted(Map.Entry.comparingByKey())
				.forEach((released) -> compare(released.getKey(), released.getValue()));
			this.files.entrySet()
				.stream()
				.filter((file) -> !this.release.begun().containsKey(file.getKey()))
				.sorted(Map.Entry.comparingByKey())
				.forEach((file) -> compareNew(file.getKey(), file.getValue(), newest));
			return this.problems;
		}

		private void compare(Identity identity, ReleasedFile released) {
			Migration migration = this.files.get(identity);
			if (released.checksum() == null) {
				return;
			}
			if (migration == null) {
				if (!isSquashed(identity)) {
					add(ErrorCode.MISSING, released.script(), "The file of " + identity.inWords() + " is released at "
							+ this.release.name() + " and is gone.",
							"Restore it: databases that have applied it look for it.");
				}
			}
			else if (!isReleased(migration, released) && !isReleased(migration, this.release.newest().get(identity))) {
				add(ErrorCode.CHANGED, migration.script(),
						"The file was changed after it had been released at " + this.release.name() + ": there it has "
								+ released.checksum() + ", now it has " + migration.checksum() + ".",
						"Restore the text that is released, and put the change into a new migration.");
			}
		}

		/**
		 * A baseline file stands for the files up to its version, older ones included.
		 */
		private boolean isSquashed(Identity identity) {
			return this.files.keySet().stream().anyMatch((file) -> file.isBaseline() && file.compareTo(identity) > 0);
		}

		private void compareNew(Identity identity, Migration migration, MigrationVersion newest) {
			ReleasedFile released = this.release.newest().get(identity);
			if (released != null && !isReleased(migration, released)) {
				add(ErrorCode.DUPLICATE, migration.script(), "The file claims " + identity.inWords() + ", as "
						+ released.script() + " of " + this.release.name() + " does.", rename(migration));
			}
			else if (released == null && identity.isVersioned() && isLate(identity.version(), newest)) {
				add(ErrorCode.OUT_OF_ORDER, migration.script(),
						"Version " + identity + " is new, but version " + newest + " is released at "
								+ this.release.name() + " already: where that is applied, this one comes too late.",
						rename(migration));
			}
		}

		/** Databases that begin with a baseline file never run the version it reaches. */
		private boolean isLate(@Nullable MigrationVersion version, MigrationVersion newest) {
			MigrationVersion covered = this.release.covered();
			if (version == null || (covered != null && version.compareTo(covered) <= 0)) {
				return false;
			}
			return version.compareTo(newest) < 0 || this.release.newest().containsKey(new Identity.Baseline(version));
		}

		private static boolean isReleased(Migration migration, @Nullable ReleasedFile released) {
			Checksum checksum = migration.checksum();
			return released != null && checksum != null && checksum.value().equals(released.checksum());
		}

		private String rename(Migration migration) {
			if (migration.identity().isBaseline()) {
				return "Remove it, or give it the version of a newer file.";
			}
			return "Rename it to " + this.versions.renamed(migration, this.next.take()) + ", the next free version.";
		}

		private void add(ErrorCode code, String script, String what, String remedy) {
			this.problems.add(Problem.error(code, Place.file(script), what, remedy));
		}

	}

}
