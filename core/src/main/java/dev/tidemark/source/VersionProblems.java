package dev.tidemark.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.source.format.Naming;
import dev.tidemark.source.format.ScriptConfiguration;

/**
 * What is wrong with files because of the versions that they claim. What is to be done
 * about that depends on what a database has applied, where one is known.
 *
 * @since 0.1.0
 */
public final class VersionProblems {

	private final Naming naming;

	private final List<Migration> migrations;

	private final List<Migration> undos;

	private final DoubtfulFiles doubtful;

	/** The problems where no database is known. */
	private final List<Problem> general;

	/** What is not asked for costs nothing. */
	private @Nullable UndoFiles undoFiles;

	/**
	 * Takes all that was found.
	 * @param migrations all migrations in order, those included that claim one version
	 * @param undos all undo files in order
	 */
	VersionProblems(Naming naming, List<Migration> migrations, List<Migration> undos, DoubtfulFiles doubtful) {
		this.naming = naming;
		this.migrations = List.copyOf(migrations);
		this.undos = List.copyOf(undos);
		this.doubtful = doubtful;
		this.general = problems(null, next(List.of()));
	}

	/** Returns the problems where no database is known. */
	List<Problem> general() {
		return this.general;
	}

	/**
	 * Returns the problems, always as many and in the same order.
	 * @param applied what a database has applied, or {@code null} if none is known
	 * @param next gives the versions that files are sent to
	 */
	List<Problem> particular(@Nullable Collection<AppliedFile> applied, NextVersion next) {
		if (applied == null) {
			return problems(null, next);
		}
		Map<Identity, AppliedFile> known = new HashMap<>();
		applied.forEach((file) -> known.putIfAbsent(file.identity(), file));
		return problems(known, next);
	}

	private List<Problem> problems(@Nullable Map<Identity, AppliedFile> applied, NextVersion next) {
		List<Problem> problems = new ArrayList<>();
		if (!this.doubtful.isEmpty()) {
			Map<Identity, AppliedFile> done = (applied != null) ? applied : Map.of();
			Map<Identity, Migration> known = new HashMap<>();
			this.migrations.forEach((migration) -> known.putIfAbsent(migration.identity(), migration));
			problems.addAll(this.doubtful.problems(known::get,
					(identity) -> known.containsKey(identity) || done.containsKey(identity), next, this.naming));
		}
		for (List<Migration> files : List.of(this.migrations, this.undos)) {
			Migration first = null;
			for (Migration file : files) {
				if (first == null || !first.identity().equals(file.identity())) {
					first = file;
				}
				else if (!first.isCopyOf(file)) {
					problems.add(duplicate(first, file, applied, next));
				}
			}
		}
		return problems;
	}

	/**
	 * Returns versions that neither a file or code nor a database has, nor the name that
	 * a file is likely to get, nor an undo file that would then take back what it is not
	 * about.
	 * @param known what a database knows of
	 * @return the versions
	 */
	public NextVersion next(Collection<AppliedFile> known) {
		return NextVersion.above(
				() -> Stream.concat(this.migrations.stream().flatMap((file) -> spelled(file.identity(), file.script())),
						known.stream().flatMap((file) -> spelled(file.identity(), file.script()))),
				() -> Stream.concat(this.undos.stream().flatMap((undo) -> Stream.ofNullable(undo.identity().version())),
						this.doubtful.versions(this.naming)));
	}

	private Stream<String> spelled(Identity identity, String script) {
		return (identity.version() != null) ? Stream.of(this.naming.spelled(identity, script)) : Stream.empty();
	}

	/**
	 * Says how to give a migration another version.
	 * @param migration the migration
	 * @param version the version
	 * @return an instruction, without a full stop
	 */
	public String renaming(Migration migration, String version) {
		return (migration.code() != null) ? "let identity() of " + migration.script() + " return version " + version
				: "rename " + name(migration) + " to " + renamed(migration, version);
	}

	/**
	 * Returns what a file is called with another version, and what becomes of its undo
	 * file then.
	 * @param migration the migration, which is none in code
	 * @param version the version
	 * @return the name, and an instruction for the undo file
	 */
	public String renamed(Migration migration, String version) {
		return this.naming.withVersion(migration.script(), version) + undo(migration, version);
	}

	/** What takes a version back goes where that goes. */
	private String undo(Migration migration, String version) {
		UndoFiles files = this.undoFiles;
		if (files == null) {
			files = UndoFiles.of(this.migrations, this.undos);
			this.undoFiles = files;
		}
		Migration undo = files.own().get(Described.by(migration));
		Migration other = (undo != null) ? undo : files.others().get(migration.identity());
		if (other == null) {
			return "";
		}
		String renamed = name(other) + " to " + this.naming.undoWithVersion(other.script(), version);
		return (undo != null) ? " and " + renamed : " (and " + renamed + " if that takes it back)";
	}

	private static String name(Migration migration) {
		return migration.script().substring(migration.script().lastIndexOf('/') + 1);
	}

	private Problem duplicate(Migration first, Migration second, @Nullable Map<Identity, AppliedFile> applied,
			NextVersion next) {
		if (first.code() == null && second.code() == null && first.phase() == second.phase()
				&& Objects.equals(first.checksum(), second.checksum())) {
			return Problem.error(
					ErrorCode.DUPLICATE, Place.file(second.script()), "The file is a copy of " + first.script()
							+ ", but is configured differently by its " + ScriptConfiguration.SUFFIX + " file.",
					"Remove one of them, or configure them alike.");
		}
		String what = ((second.code() != null) ? "The code" : "The file") + " claims " + second.inWords() + ", as "
				+ first.script() + " does.";
		if (second.isUndo()) {
			return Problem.error(ErrorCode.DUPLICATE, Place.file(second.script()), what,
					"Remove one of them, or give it the version that it takes back.");
		}
		if (!second.identity().isVersioned()) {
			return Problem.error(ErrorCode.DUPLICATE, Place.file(second.script()), what,
					(second.identity().version() != null) ? "Remove one of them, or give it another version."
							: "Give one of them another name.");
		}
		String free = next.take();
		return Problem.error(ErrorCode.DUPLICATE, Place.file(second.script()), what,
				((applied != null) ? remedy(first, second, applied, free) : remedy(second, free))
						+ ((second.code() != null) ? "" : " If one of them is no migration, as a script that takes the "
								+ "other back, exclude it by " + SettingNames.name("files.exclude") + "."));
	}

	private String remedy(Migration second, String free) {
		return "Give a new version to the one that no database has applied; the next free one is " + free
				+ ((second.code() == null) ? ", as in " + renamed(second, free) : "") + ".";
	}

	private String remedy(Migration first, Migration second, Map<Identity, AppliedFile> applied, String free) {
		AppliedFile known = applied.get(second.identity());
		if (known == null) {
			return "This database has applied neither. If no other one has either, " + renaming(second, free)
					+ "; else change the version of the one that is applied nowhere. The next free one is " + free
					+ ".";
		}
		boolean isFirst = known.is(first, second);
		if (isFirst == known.is(second, first)) {
			return "This database has applied another file as " + known.identity().inWords() + ", " + known.script()
					+ ": restore that one, and give new versions to both of these; the next free one is " + free + ".";
		}
		Migration mine = isFirst ? first : second;
		return "This database has applied " + mine.script() + ": leave that one as it is, and "
				+ renaming(isFirst ? second : first, free) + ", the next free version.";
	}

	/**
	 * What an undo file has in common with the migration that it was written for.
	 *
	 * @param identity the migration
	 * @param description what both say that they are about
	 */
	private record Described(Identity identity, String description) {

		static Described by(Migration file) {
			return new Described(file.identity(), file.description());
		}

	}

	/**
	 * The undo files by what they take back.
	 *
	 * @param own those that are called as a migration of their version
	 * @param others those that are called otherwise, one of each version
	 */
	private record UndoFiles(Map<Described, Migration> own, Map<Identity, Migration> others) {

		static UndoFiles of(List<Migration> migrations, List<Migration> undos) {
			Set<Described> described = migrations.stream().map(Described::by).collect(Collectors.toSet());
			UndoFiles files = new UndoFiles(new HashMap<>(), new HashMap<>());
			for (Migration undo : undos) {
				if (described.contains(Described.by(undo))) {
					files.own().putIfAbsent(Described.by(undo), undo);
				}
				else {
					files.others().putIfAbsent(undo.identity(), undo);
				}
			}
			return files;
		}

	}

}
