package dev.tidemark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.command.Engine;
import dev.tidemark.command.Migrate;
import dev.tidemark.command.RecordBaseline;
import dev.tidemark.command.Resolve;
import dev.tidemark.command.SchemaName;
import dev.tidemark.command.Verify;
import dev.tidemark.command.look.Inspector;
import dev.tidemark.command.look.LockAttempts;
import dev.tidemark.command.look.PreviewReader;
import dev.tidemark.command.undo.RedoRun;
import dev.tidemark.command.undo.Undo;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.migration.Identity;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.rollout.Backfills;
import dev.tidemark.rollout.run.RolloutSettings;
import dev.tidemark.rollout.run.Schemas;
import dev.tidemark.run.BaselineResult;
import dev.tidemark.run.Describe;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.MigrationText;
import dev.tidemark.run.Redo;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.ResolveResult;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.UndoResult;
import dev.tidemark.run.Verification;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.preview.Preview;
import dev.tidemark.run.preview.UndoPreview;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.source.CodeClass;
import dev.tidemark.source.RegisteredCode;
import dev.tidemark.source.Sources;

/**
 * Evolves the schema of one PostgreSQL database from plain SQL files, and code. Built
 * once, immutable and thread-safe.
 *
 * <pre>{@code
 * Tidemark tidemark = Tidemark.builder(ConnectionSource.of(url, user, password)).build();
 * RunResult result = tidemark.migrate();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Tidemark {

	/** Nobody else has it, so that it stays as it was. */
	private final Builder settings;

	private final SettingNames settingNames;

	private final LastSources sources;

	private final RegisteredCode registered;

	private final List<@Nullable Object> decisiveSettings;

	private final Engine engine;

	private final Inspector inspector;

	private final @Nullable Redo redo;

	private @Nullable Backfills backfills;

	private Tidemark(Builder builder) {
		this.settings = builder.copy(builder.connections());
		this.settingNames = builder.settingNames();
		this.decisiveSettings = builder.decisiveSettings();
		this.redo = builder.redo();
		this.registered = builder.registered();
		this.sources = new LastSources(builder.source(this.registered));
		Supplier<? extends Collection<Tidemark>> siblings = builder.siblings;
		LockAttempts lockAttempts = new LockAttempts(builder.clock());
		this.engine = builder.engine(lockAttempts, () -> tables(siblings.get()));
		this.inspector = new Inspector(this.engine, builder.sessionSettings(" inspection"), lockAttempts);
	}

	private Tidemark(Tidemark other, ConnectionSource connections) {
		this.settings = other.settings.copy(connections);
		this.settingNames = other.settingNames;
		this.decisiveSettings = other.decisiveSettings;
		// What may be redone was decided for one database.
		this.redo = null;
		this.registered = other.registered;
		this.sources = other.sources.unread();
		this.engine = other.engine.on(connections);
		this.inspector = other.inspector.on(this.engine);
	}

	private Tidemark(Tidemark other, String schema) {
		this.settings = other.settings.copy(other.connections()).schema(schema).schemas(List.of(schema));
		this.settingNames = other.settingNames;
		this.decisiveSettings = new ArrayList<>(other.decisiveSettings);
		this.decisiveSettings.add(schema);
		this.redo = null;
		this.registered = other.registered;
		this.sources = other.sources.copy();
		this.engine = other.engine.in(schema);
		this.inspector = other.inspector.in(schema, this.engine);
	}

	/** Of those of another database of the server, none has a table in this one. */
	private List<HistoryTable> tables(Collection<Tidemark> siblings) {
		return siblings.stream()
			.filter((sibling) -> sibling != this && sibling.connections().leadsToDatabaseOf(connections()))
			.map((sibling) -> sibling.engine.table())
			.toList();
	}

	/**
	 * Begins to build an instance.
	 * @param connections where connections come from
	 * @return a builder with the default of every setting
	 */
	public static Builder builder(ConnectionSource connections) {
		return new Builder(connections);
	}

	/**
	 * Runs all pending migrations, waiting for other instances that do the same. With
	 * nothing pending it costs one connection and one query.
	 * @return what was done
	 * @throws MigrationFailedException if a migration failed
	 * @throws TidemarkException if something stands in the way; all problems are told at
	 * once, and nothing was changed
	 */
	public RunResult migrate() {
		return this.settingNames.during(this::migrateNow);
	}

	private RunResult migrateNow() {
		Redo wanted = this.redo;
		if (wanted != null) {
			RedoRun.redo(this.engine, readSources(), wanted.ground(),
					() -> wanted.released().apply(this.settings.sourceSettings()));
		}
		return new Migrate(this.engine).run(this::readSources);
	}

	/**
	 * Cancels what {@link #migrate()}, {@link #undo} and {@link #resolve} are doing in
	 * other threads, as for a shutdown, and returns without waiting. The server is asked
	 * to cancel the statement, so that the run fails as if an administrator had done it:
	 * what is committed stays, the failure is recorded, and the next run goes on. A run
	 * that is between two statements goes on to the end of its migration at most, unless
	 * it is cancelled again. An undo in one transaction is rolled back as a whole.
	 */
	public void cancel() {
		this.engine.going().cancel();
	}

	/**
	 * Looks at what {@link #migrate()} would do now, and changes nothing: it takes no
	 * lock, waits for nobody, and needs no right but to read the history. It says nothing
	 * about what the server would think of the statements, nor about the role's rights.
	 * @return what would run with its SQL, and what stands in its way
	 * @throws TidemarkException if there is no connection, or the history cannot be read
	 */
	public Preview plan() {
		return this.settingNames.during(() -> new PreviewReader(this.engine).read(readSources()));
	}

	/**
	 * Looks at what {@link #undo(UndoRequest)} would do now, and changes nothing.
	 * @param request what to undo
	 * @return what would run, what stands in its way, what data would be lost, and what
	 * undo files that are missing could look like
	 * @throws TidemarkException if the database or its history cannot be read
	 */
	public UndoPreview plan(UndoRequest request) {
		return this.settingNames.during(() -> new Undo(this.engine, readSources()).preview(request.selection()));
	}

	/**
	 * Checks that the database is what this build expects, and changes nothing.
	 * @return what was found in order
	 * @throws TidemarkException if a migration is pending or something is wrong
	 */
	public Verification verify() {
		return this.settingNames.during(() -> new Verify(this.engine).verify(readSources()));
	}

	/**
	 * Records the baseline of an existing database: at what version it is, so that the
	 * files up to that version count as done and never run. Nothing runs now either. It
	 * does nothing where the same is recorded already, and does not look at what the
	 * schema holds: the caller knows.
	 * @param baseline the version, {@link Baseline#NOTHING} to say that none of the
	 * migrations is in the database, and why
	 * @return the migrations that count as done now
	 * @throws TidemarkException if a version has run in the database already, or the
	 * history of another tool says that it is at another version
	 */
	public BaselineResult baseline(Baseline baseline) {
		requireReason(baseline.reason());
		Baseline agreed = this.settings.agreed(baseline);
		return this.settingNames.during(() -> new RecordBaseline(this.engine).record(this::readSources, agreed));
	}

	/**
	 * Records what a person has decided about a migration that was interrupted or failed
	 * half-way, as a row of the history: who, when and why. Nothing runs.
	 * @param request what was decided, and why
	 * @return what was recorded
	 * @throws TidemarkException if there is nothing to decide about the migration, or
	 * another instance is migrating
	 */
	public ResolveResult resolve(ResolveRequest request) {
		requireReason(request.reason());
		return this.settingNames.during(() -> new Resolve(this.engine).resolve(readSources(), request));
	}

	private static void requireReason(String reason) {
		if (reason.isBlank()) {
			throw new TidemarkException(Problem.error(ErrorCode.SETTING, (Place) null, "The reason is blank.",
					"Say why: those who read the history later need it."));
		}
		if (reason.indexOf('\0') >= 0) {
			throw new TidemarkException(Problem.error(ErrorCode.SETTING, (Place) null,
					"The reason holds the character 0, which PostgreSQL cannot store.", "Leave it out."));
		}
	}

	/**
	 * Undoes migrations by their undo files ({@code U7__x.sql} for version 7), waiting
	 * for another instance that migrates. All of it is one transaction if each file can
	 * run in one. A build that has the migrations applies them again when it starts next.
	 * @param request what to undo, and why
	 * @return what was done
	 * @throws MigrationFailedException if an undo file failed
	 * @throws TidemarkException if something stands in the way: an undo file is missing,
	 * or data would be lost and nobody allowed that; nothing was changed then
	 */
	public UndoResult undo(UndoRequest request) {
		Stream.of(request.reason(), request.allowDataLoss()).filter(Objects::nonNull).forEach(Tidemark::requireReason);
		return this.settingNames.during(() -> new Undo(this.engine, readSources()).undo(request));
	}

	/**
	 * Looks at files and history, as {@link #inspect(InspectRequest)} does, at all of
	 * both, and gives the database {@linkplain InspectRequest#DEFAULT_TIMEOUT some
	 * seconds} to answer.
	 * @return what was found
	 */
	public Inspection status() {
		return inspect(InspectRequest.everything());
	}

	/**
	 * Looks at files and history without waiting for a migration that may be running. The
	 * files are those of the last run, or if none was made, of the first inspection.
	 * @param request what to look at, and how long the database may take to answer
	 * @return what was found; its state is {@link Inspection.State#UNREACHABLE} if the
	 * database did not answer
	 */
	public Inspection inspect(InspectRequest request) {
		return this.settingNames.during(() -> this.inspector.inspect(lastSources(), request));
	}

	/**
	 * Reads what the files of a migration hold, without a database. The files are those
	 * of the last run, or if none was made, of the first inspection.
	 * @param migration which migration
	 * @return what they hold, empty if there is no file
	 */
	public Optional<MigrationText> text(Identity migration) {
		return this.settingNames.during(() -> Describe.text(lastSources(), migration));
	}

	/**
	 * Reads what runs of migrations, their files and undo files as they go to the server,
	 * with the values of placeholders, and tells whether it holds a word. Shows nothing
	 * of it, and asks no database. Code says nothing.
	 * @param migrations which migrations
	 * @return tells it of a word, such as the name of a role, in this or another case
	 * @throws TidemarkException if a file cannot be read
	 */
	public Predicate<String> mentionedIn(Collection<Identity> migrations) {
		return this.settingNames.during(() -> Describe.mentionedIn(lastSources(), migrations));
	}

	/**
	 * Returns the backfills of this database. No file is read and no connection opened
	 * yet.
	 * @return always the same
	 * @throws TidemarkException if a setting of backfills cannot be used
	 */
	public synchronized Backfills backfills() {
		if (this.backfills == null) {
			this.backfills = this.settingNames.during(() -> {
				RolloutSettings rollout = this.settings.rolloutSettings();
				return NamedBackfills.of(this.settingNames, this.engine, rollout,
						Schemas.one(this.engine, this::readSources, this::lastSources, rollout));
			});
		}
		return this.backfills;
	}

	/**
	 * Returns which database this is about.
	 * @return where connections come from
	 */
	public ConnectionSource connections() {
		return this.engine.connections();
	}

	/**
	 * Returns the name by which people tell this database from others.
	 * @return the name
	 */
	public String name() {
		return this.engine.scope().tidemark();
	}

	/**
	 * Return whether another one is known to write the same history.
	 * @param other the other one
	 * @return {@code true} if data source, or URL and user, and schema and table are the
	 * same; two that come to the same database in other ways are not found
	 */
	public boolean sharesHistoryWith(Tidemark other) {
		return this.engine.sharesHistoryWith(other.engine);
	}

	/**
	 * Return whether it is known what this one does with a class: it runs it, or its
	 * exclusions name the path of the class file.
	 * @param code a class that is written to be run
	 * @return {@code false} if it would be passed over
	 */
	public boolean accountsFor(CodeClass code) {
		return this.registered.has(code) || this.settings.exclusions().exclude(code.path());
	}

	/**
	 * Returns an instance with the same migrations, settings and listeners for another
	 * database.
	 * @param database where its connections come from
	 * @return the other instance
	 */
	public Tidemark on(ConnectionSource database) {
		return new Tidemark(this, database);
	}

	/**
	 * Returns a builder with the migrations, settings and listeners of this instance, and
	 * for its database, to make another one that differs in something.
	 * @return a builder of its own, whose changes do not change this instance
	 */
	public Builder mutate() {
		return this.settings.copy(connections());
	}

	/**
	 * Computes a fingerprint of everything that decides what {@link #migrate()} makes of
	 * an empty database: the files, and those settings that leave a mark. Of two equal
	 * databases, both become equal if the fingerprints are. Users, session defaults and
	 * what code in the files reads from elsewhere are not part of it. Code has a checksum
	 * only if it says so itself; else only fingerprints of the same process can be equal.
	 * @return an algorithm, a colon and hexadecimal digits
	 * @throws TidemarkException if something is wrong with the files
	 */
	public String fingerprint() {
		return Fingerprint.of(this.settingNames.during(this.sources::look), this.decisiveSettings);
	}

	/**
	 * Returns an instance with the same migrations, settings and listeners for one schema
	 * of many, with a history of its own.
	 */
	Tidemark in(String schema) {
		SchemaName.requireUsable(schema);
		return new Tidemark(this, schema);
	}

	/** Returns how messages name the settings of this database. */
	SettingNames settingNames() {
		return this.settingNames;
	}

	/** Returns what all verbs work with. */
	Engine engine() {
		return this.engine;
	}

	Inspector inspector() {
		return this.inspector;
	}

	/** Returns how backfills are worked on. */
	RolloutSettings rolloutSettings() {
		return this.settings.rolloutSettings();
	}

	/** Returns whether edited migrations are taken back. */
	boolean redoes() {
		return this.redo != null;
	}

	Sources readSources() {
		return this.sources.read();
	}

	/** Returns the files of the last run, or if none was made, as they are now. */
	Sources lastSources() {
		return this.sources.last();
	}

	/**
	 * Builds a {@link Tidemark}. Not thread-safe.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder extends SessionBuilder<Builder> implements Cloneable {

		private Supplier<? extends Collection<Tidemark>> siblings = List::of;

		private Builder(ConnectionSource connections) {
			super(connections);
		}

		/** Copies every setting that there is, also one that comes later. */
		private Builder copy(ConnectionSource database) {
			try {
				Builder copy = (Builder) clone();
				copy.detach(database);
				return copy;
			}
			catch (CloneNotSupportedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		Builder self() {
			return this;
		}

		/**
		 * Sets which other databases the application has. What those of the same database
		 * have made in a schema that was empty is known, and does not count as content
		 * that somebody has to decide about before the first run.
		 * @param others returns all of them; asked only before a first run in a schema
		 * that is not empty, when all of them are built
		 * @return this builder
		 */
		public Builder siblings(Supplier<? extends Collection<Tidemark>> others) {
			this.siblings = others;
			return this;
		}

		/**
		 * Builds the instance. No file is read and no connection opened yet.
		 * @return the instance
		 * @throws TidemarkException if a setting cannot be used
		 */
		public Tidemark build() {
			return settingNames().during(this::make);
		}

		private Tidemark make() {
			try {
				check();
				return new Tidemark(this);
			}
			catch (IllegalArgumentException ex) {
				throw SchemaName.notUsable(ex);
			}
		}

	}

}
