package dev.tidemark;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.BackfillInOnePiece;
import dev.tidemark.migration.CodeBackfill;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.run.Callback;
import dev.tidemark.source.CodeClass;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.RegisteredCode;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.folder.Exclusions;
import dev.tidemark.source.format.Naming;

/**
 * The settings about where migrations come from and how their files are read.
 *
 * @param <B> the type of the builder
 */
abstract class FilesBuilder<B extends FilesBuilder<B>> {

	private String name = "tidemark";

	private Predicate<CodeClass> leftOut = (code) -> false;

	private List<Location> locations = SourceSettings.DEFAULT.locations();

	private boolean failOnMissingLocations = SourceSettings.DEFAULT_FAIL_ON_MISSING_LOCATIONS;

	private Charset encoding = SourceSettings.DEFAULT.encoding();

	private Naming naming = Naming.DEFAULT;

	private Placeholders placeholders = Placeholders.DEFAULT;

	private @Nullable Path filesystemRoot;

	private Exclusions exclusions = Exclusions.NONE;

	private List<CodeMigration> migrations = new ArrayList<>();

	private List<Callback> callbacks = new ArrayList<>();

	/** Returns this builder. */
	abstract B self();

	/**
	 * Sets the name by which people tell this database from others of the same
	 * application.
	 * @param name the name; by default {@code tidemark}
	 * @return this builder
	 */
	public B name(String name) {
		this.name = name;
		return self();
	}

	/**
	 * Sets where to search for files.
	 * @param locations the locations, in the form of {@link Location#of(String)}; by
	 * default {@value Location#DEFAULT}
	 * @return this builder
	 * @throws IllegalArgumentException if one is not a location
	 */
	public B locations(List<String> locations) {
		this.locations = locations.stream().map(Location::of).toList();
		return self();
	}

	/**
	 * Sets where to search for files.
	 * @param locations the locations
	 * @return this builder
	 * @throws IllegalArgumentException if one is not a location
	 */
	public B locations(String... locations) {
		return locations(List.of(locations));
	}

	/**
	 * Sets a folder that file system locations must not leave, neither by {@code ..} nor
	 * by links. What does is an error, and nothing runs.
	 * @param root the folder; {@code null} lets them lead anywhere, which is the default
	 * @return this builder
	 */
	public B filesystemRoot(@Nullable Path root) {
		this.filesystemRoot = root;
		return self();
	}

	/**
	 * Sets which files below the locations are no migrations, whatever their names.
	 * @param patterns patterns of their paths below a location, such as
	 * {@code rollback/**}, in the form of {@link Exclusions}; by default none
	 * @return this builder
	 * @throws IllegalArgumentException if one cannot be used
	 */
	public B exclude(List<String> patterns) {
		this.exclusions = new Exclusions(patterns);
		return self();
	}

	/**
	 * Sets which files below the locations are no migrations, whatever their names.
	 * @param patterns patterns of their paths below a location
	 * @return this builder
	 * @throws IllegalArgumentException if one cannot be used
	 */
	public B exclude(String... patterns) {
		return exclude(List.of(patterns));
	}

	/**
	 * Sets whether a location that does not exist is an error.
	 * @param fail {@code false} for a warning only; by default {@code true}
	 * @return this builder
	 */
	public B failOnMissingLocations(boolean fail) {
		this.failOnMissingLocations = fail;
		return self();
	}

	/**
	 * Sets the encoding of the files.
	 * @param encoding the encoding; by default UTF-8
	 * @return this builder
	 */
	public B encoding(Charset encoding) {
		this.encoding = encoding;
		return self();
	}

	/**
	 * Sets how file names are read.
	 * @param naming the naming; by default {@link Naming#DEFAULT}
	 * @return this builder
	 */
	public B naming(Naming naming) {
		this.naming = naming;
		return self();
	}

	/**
	 * Declares placeholders, which files write as <code>${name}</code>.
	 * @param values the value of each placeholder by its name; by default none
	 * @return this builder
	 * @throws IllegalArgumentException if a name cannot be used
	 */
	public B placeholders(Map<String, String> values) {
		return placeholders(Placeholders.of(values));
	}

	/**
	 * Declares placeholders, and how files write them.
	 * @param placeholders the placeholders; by default {@link Placeholders#DEFAULT}
	 * @return this builder
	 */
	public B placeholders(Placeholders placeholders) {
		this.placeholders = placeholders;
		return self();
	}

	/**
	 * Adds a migration that is written in Java. Its place is the one of its version or
	 * name, whatever the order in which migrations are added.
	 * @param migration the migration
	 * @return this builder
	 */
	public B migration(CodeMigration migration) {
		this.migrations.add(migration);
		return self();
	}

	/**
	 * Add a backfill that is written in Java. Its place is the one of its version,
	 * whatever the order in which migrations are added.
	 * @param backfill the backfill
	 * @return this builder
	 */
	public B backfill(CodeBackfill backfill) {
		this.migrations.add(new BackfillInOnePiece(backfill));
		return self();
	}

	/**
	 * Sets which classes of migrations and callbacks are known to be none of this
	 * database's. Any other that lies in a location has to be
	 * {@linkplain #migration(CodeMigration) added}, else the run is refused.
	 * @param known tells whether a class is left out on purpose
	 * @return this builder
	 */
	public B leaveOut(Predicate<CodeClass> known) {
		this.leftOut = known;
		return self();
	}

	/**
	 * Adds a callback. Those of one event run in the order in which they were added,
	 * after the files of that event.
	 * @param callback runs at events of each run
	 * @return this builder
	 */
	public B callback(Callback callback) {
		this.callbacks.add(callback);
		return self();
	}

	/** Lets nobody else change what this builder has. */
	void detach() {
		this.migrations = new ArrayList<>(this.migrations);
		this.callbacks = new ArrayList<>(this.callbacks);
	}

	String name() {
		return this.name;
	}

	Placeholders placeholders() {
		return this.placeholders;
	}

	List<Callback> callbacks() {
		return this.callbacks;
	}

	Exclusions exclusions() {
		return this.exclusions;
	}

	/** Returns the code that was added. */
	RegisteredCode registered() {
		List<Object> code = new ArrayList<>(this.callbacks);
		for (CodeMigration migration : this.migrations) {
			code.add(written(migration));
		}
		return RegisteredCode.of(code);
	}

	private static Object written(CodeMigration migration) {
		return (migration instanceof BackfillInOnePiece piece) ? piece.backfill() : migration;
	}

	SourceSettings sourceSettings() {
		return new SourceSettings(this.locations, this.failOnMissingLocations, this.encoding, this.naming,
				this.placeholders, this.filesystemRoot, this.exclusions);
	}

	/** Returns what finds the migrations. */
	MigrationSource source(RegisteredCode registered) {
		Predicate<CodeClass> known = this.leftOut;
		return new MigrationSource(sourceSettings(), this.migrations,
				(code) -> registered.has(code) || known.test(code));
	}

	/** Returns what leaves a mark in an empty database, apart from the files. */
	List<@Nullable Object> decisiveSettings() {
		return Arrays.asList(this.placeholders.values(), this.placeholders.prefix(), this.placeholders.suffix(),
				this.placeholders.replacement(), this.placeholders.undeclared(),
				this.callbacks.isEmpty() ? null : Fingerprint.THIS_PROCESS);
	}

	/**
	 * Requires a text that PostgreSQL can store.
	 * @throws IllegalArgumentException if it cannot
	 */
	static void requireText(String setting, @Nullable String text) {
		if (text != null && text.indexOf('\0') >= 0) {
			throw new IllegalArgumentException("'" + setting + "' must not hold the character 0");
		}
	}

}
