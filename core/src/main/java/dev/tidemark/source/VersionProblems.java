package dev.tidemark.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;

/**
 * What is wrong with files because of the versions that they claim. What is to be done
 * about that depends on what a database has applied, where one is known.
 */
public final class VersionProblems {

	private final Naming naming;

	private final List<Migration> migrations;

	private final List<Migration> undos;

	private final DoubtfulFiles doubtful;

	/** The problems where no database is known. */
	private final List<Problem> general;

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
		this.general = problems(null);
	}

	/** Returns the problems where no database is known. */
	List<Problem> general() {
		return this.general;
	}

	/**
	 * Returns the problems, always as many and in the same order.
	 * @param applied what a database has applied
	 */
	List<Problem> particular(Collection<AppliedFile> applied) {
		return problems(applied);
	}

	private List<Problem> problems(@Nullable Collection<AppliedFile> applied) {
		List<Problem> problems = new ArrayList<>();
		if (!this.doubtful.isEmpty()) {
			Collection<AppliedFile> done = (applied != null) ? applied : List.of();
			Map<Identity, Migration> known = new HashMap<>();
			this.migrations.forEach((migration) -> known.putIfAbsent(migration.identity(), migration));
			problems.addAll(this.doubtful.problems(known::get,
					(identity) -> known.containsKey(identity) || find(done, identity) != null, next(done).take(),
					this.naming));
		}
		NextVersion next = null;
		for (List<Migration> files : List.of(this.migrations, this.undos)) {
			for (int i = 1; i < files.size(); i++) {
				Migration first = first(files, i);
				if (first != null) {
					next = (next != null) ? next : next((applied != null) ? applied : List.of());
					problems.add(duplicate(first, files.get(i), applied, next));
				}
			}
		}
		return problems;
	}

	/**
	 * Returns the first file that claims what another one behind it does, or {@code null}
	 * if none does. Copies of one and the same text that are configured alike are none.
	 */
	private static @Nullable Migration first(List<Migration> files, int index) {
		Migration file = files.get(index);
		int start = index;
		while (start > 0 && files.get(start - 1).identity().equals(file.identity())) {
			start--;
		}
		return (start < index && !files.get(start).isCopyOf(file)) ? files.get(start) : null;
	}

	/**
	 * Returns versions that neither a file or code nor a database has.
	 * @param applied what a database has applied
	 * @return the versions
	 */
	public NextVersion next(Collection<AppliedFile> applied) {
		return NextVersion
			.above(Stream.concat(this.migrations.stream().flatMap((file) -> spelled(file.identity(), file.script())),
					applied.stream().flatMap((file) -> spelled(file.identity(), file.script()))));
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
				: "rename " + name(migration) + " to " + this.naming.withVersion(migration.script(), version);
	}

	private static String name(Migration migration) {
		return migration.script().substring(migration.script().lastIndexOf('/') + 1);
	}

	private static @Nullable AppliedFile find(Collection<AppliedFile> applied, Identity identity) {
		return applied.stream().filter((file) -> file.identity().equals(identity)).findFirst().orElse(null);
	}

	private Problem duplicate(Migration first, Migration second, @Nullable Collection<AppliedFile> applied,
			NextVersion next) {
		if (first.code() == null && second.code() == null && Objects.equals(first.checksum(), second.checksum())) {
			return Problem.error(
					ErrorCode.DUPLICATE, Place.file(second.script()), "The file is a copy of " + first.script()
							+ ", but is configured differently by its " + ScriptConfiguration.SUFFIX + " file.",
					"Remove one of them, or configure them alike.");
		}
		String what = ((second.code() != null) ? "The code" : "The file") + " claims " + second.inWords() + ", as "
				+ first.script() + " does.";
		if (second.isUndo() || !(second.identity() instanceof Identity.Versioned)) {
			return Problem.error(ErrorCode.DUPLICATE, Place.file(second.script()), what,
					"Give one of them another name.");
		}
		String free = next.take();
		return Problem.error(ErrorCode.DUPLICATE, Place.file(second.script()), what,
				((applied != null) ? remedy(first, second, applied, free) : remedy(second, free))
						+ ((second.code() != null) ? "" : " If one of them is no migration, as a script that takes the "
								+ "other back, exclude it by " + SettingNames.name("exclude") + "."));
	}

	private String remedy(Migration second, String free) {
		return "Give a new version to the one that no database has applied; the next free one is " + free
				+ ((second.code() == null) ? ", as in " + this.naming.withVersion(second.script(), free) : "") + ".";
	}

	private String remedy(Migration first, Migration second, Collection<AppliedFile> applied, String free) {
		AppliedFile known = find(applied, second.identity());
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

}
