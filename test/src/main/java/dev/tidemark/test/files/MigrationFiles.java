package dev.tidemark.test.files;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.tidemark.author.FileCheck;
import dev.tidemark.author.ReleasedMigrations;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.source.Location;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.folder.Exclusions;
import dev.tidemark.source.format.Naming;

/**
 * The migration files of a build, to be checked by a test before a start would refuse
 * them: names that nearly match, two files of one version, what cannot be read as SQL,
 * unknown directives; and against what is released already, files that were edited or
 * removed, and versions that come too late. Needs neither a database nor Spring.
 * Immutable and thread-safe.
 *
 * <pre>{@code
 * &#64;Test
 * void migrationsCanBeMerged() {
 *     MigrationFiles.in("src/main/resources/db/migration").releasedAt("origin/main").verify();
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public final class MigrationFiles {

	private final SourceSettings settings;

	private final Function<SourceSettings, ReleasedMigrations> release;

	private final boolean undo;

	private MigrationFiles(SourceSettings settings, Function<SourceSettings, ReleasedMigrations> release,
			boolean undo) {
		this.settings = settings;
		this.release = release;
		this.undo = undo;
	}

	/**
	 * Names the files.
	 * @param folders folders of the sources, each with everything below it, relative to
	 * the directory of the module that is built
	 * @return the files, which are read when they are checked
	 * @throws IllegalArgumentException if there is no folder, or one has an impossible
	 * name
	 */
	public static MigrationFiles in(String... folders) {
		List<Location> locations = Stream.of(folders).map((folder) -> Location.of("filesystem:" + folder)).toList();
		// Values belong to the application; that one is missing is found by its start.
		return new MigrationFiles(new SourceSettings(locations, true, SourceSettings.DEFAULT.encoding(), Naming.DEFAULT,
				Placeholders.AS_WRITTEN), (settings) -> ReleasedMigrations.NONE, false);
	}

	/**
	 * Sets how file names are read, where the application sets it.
	 * @param naming the naming; by default {@link Naming#DEFAULT}
	 * @return the files with other names
	 */
	public MigrationFiles named(Naming naming) {
		return with(this.settings.encoding(), naming, this.settings.exclusions());
	}

	/**
	 * Sets the encoding of the files, where the application sets it.
	 * @param encoding the encoding; by default UTF-8
	 * @return the files with another encoding
	 */
	public MigrationFiles encodedIn(Charset encoding) {
		return with(encoding, this.settings.naming(), this.settings.exclusions());
	}

	/**
	 * Leaves out files that are no migrations, where the application does.
	 * @param patterns patterns of their paths below a folder, such as
	 * {@code rollback/**}, as in {@code tidemark.files.exclude}; by default none
	 * @return the files without these
	 * @throws IllegalArgumentException if a pattern cannot be used
	 */
	public MigrationFiles excluding(String... patterns) {
		return with(this.settings.encoding(), this.settings.naming(), Exclusions.of(patterns));
	}

	private MigrationFiles with(Charset encoding, Naming naming, Exclusions exclusions) {
		return new MigrationFiles(new SourceSettings(this.settings.locations(), true, encoding, naming,
				this.settings.placeholders(), null, exclusions), this.release, this.undo);
	}

	/**
	 * Compares with what a branch, tag or commit of git has in the same folders. The
	 * {@code git} of the machine is asked, and nothing is fetched: in CI the branch has
	 * to be there, with enough history to find where this one began.
	 * @param gitRef the branch that this one will be merged into, such as
	 * {@code origin/main}, or the tag of the last release
	 * @return the files, to be compared
	 */
	public MigrationFiles releasedAt(String gitRef) {
		return new MigrationFiles(this.settings, (sources) -> ReleasedMigrations.atGitRef(gitRef, sources), this.undo);
	}

	/**
	 * Compares with a list of released versions: a line for each, with the version, a
	 * blank and its checksum, as the history has them.
	 * @param list the file
	 * @return the files, to be compared
	 */
	public MigrationFiles releasedAsListed(Path list) {
		return new MigrationFiles(this.settings, (sources) -> ReleasedMigrations.listed(list), this.undo);
	}

	/**
	 * Requires a way back of each version that is not released yet: an undo file, or the
	 * directive {@code irreversible} in its own file, which says that there is none on
	 * purpose.
	 * @return the files, to be checked for that too
	 */
	public MigrationFiles requireUndo() {
		return new MigrationFiles(this.settings, this.release, true);
	}

	/** Returns all that is wrong, warnings included. */
	List<Problem> problems() {
		return new FileCheck(this.settings, this.undo).check(this.release.apply(this.settings));
	}

	/**
	 * Checks the files.
	 * @throws AssertionError if something is wrong with them: it tells all of it, each
	 * with what to do. Warnings alone are no reason
	 * @throws TidemarkException if it cannot be found out what is released
	 */
	public void verify() {
		List<Problem> errors = problems().stream().filter(Problem::isError).toList();
		if (!errors.isEmpty()) {
			throw new AssertionError(errors.stream()
				.map(Problem::toString)
				.collect(Collectors.joining("\n\n", "The migrations cannot be released as they are:\n\n", "")));
		}
	}

}
