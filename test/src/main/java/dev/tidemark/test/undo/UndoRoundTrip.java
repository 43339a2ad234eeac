package dev.tidemark.test.undo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.tidemark.Tidemark;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;

/**
 * Proves that undo files take back what their migrations do: runs one version after the
 * other on an empty database, undoes each that has an undo file, and runs it again. After
 * the undo the catalogue has to be what it was before the migration, but for what
 * repeatables have made and make again, and after the second run what it was after the
 * first. Rows are not compared.
 *
 * <pre>{@code
 * UndoRoundTrip.of(Tidemark.builder(ConnectionSource.of(url, user, password))).verify();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class UndoRoundTrip {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Tidemark.Builder builder;

	private final Watcher watcher;

	/** Tells the roles that the files are about, once they are known. */
	private Predicate<String> theirs = (role) -> false;

	private UndoRoundTrip(Tidemark.Builder builder) {
		this.builder = builder;
		this.watcher = new Watcher(builder.build(), this::look);
		builder.listener(this.watcher);
	}

	/**
	 * Prepares a round trip. Opens no connection yet.
	 * @param builder makes those that migrate and undo; its database is empty and is no
	 * longer afterwards; the builder itself stays as it is
	 * @return the round trip
	 */
	public static UndoRoundTrip of(Tidemark.Builder builder) {
		return of(builder.build());
	}

	/**
	 * Prepares a round trip with the migrations, settings and listeners of an
	 * application. Opens no connection yet. The application must not have migrated the
	 * database, as with {@code tidemark.mode=off}; or another one is taken by
	 * {@link Tidemark#on(dev.tidemark.session.connect.ConnectionSource) on}.
	 * @param tidemark what migrates the application's database, which is empty and is no
	 * longer afterwards
	 * @return the round trip
	 */
	public static UndoRoundTrip of(Tidemark tidemark) {
		return new UndoRoundTrip(tidemark.mutate());
	}

	/**
	 * Makes the round trip.
	 * @return the versions whose undo files were proved
	 * @throws AssertionError if an undo file fails or does not restore the catalogue,
	 * with the differences; or if there is no undo file at all
	 * @throws IllegalStateException if something was migrated in the database before
	 * @throws TidemarkException if a migration fails
	 */
	public List<MigrationVersion> verify() {
		List<MigrationVersion> proved = new ArrayList<>();
		Tidemark first = this.builder.build();
		List<MigrationInfo> pending = pending(first);
		this.theirs = first.mentionedIn(pending.stream().map(MigrationInfo::identity).toList());
		for (MigrationInfo migration : pending) {
			if (migration.identity() instanceof Identity.Versioned versioned) {
				Tidemark tidemark = this.builder.target(versioned.version()).build();
				tidemark.migrate();
				if (migration.undoScript() != null) {
					verify(tidemark, versioned.version(), migration.undoScript());
					proved.add(versioned.version());
				}
			}
		}
		if (proved.isEmpty()) {
			throw new AssertionError("There is no undo file to prove");
		}
		return proved;
	}

	private static List<MigrationInfo> pending(Tidemark tidemark) {
		Inspection inspection = tidemark.inspect(InspectRequest.everything().within(PATIENCE));
		if (!inspection.runs().isEmpty()) {
			throw new IllegalStateException("A round trip needs a database of its own in which nothing was migrated");
		}
		if (inspection.state() == Inspection.State.UNREACHABLE || inspection.state() == Inspection.State.BLOCKED) {
			throw new TidemarkException(inspection.problems());
		}
		// What a baseline file stands for, or another environment runs, has no way up.
		return inspection.in(MigrationState.PENDING);
	}

	private CatalogueSnapshot look(Tidemark tidemark) {
		return CatalogueSnapshot.of(tidemark.connections(), this.theirs);
	}

	private void verify(Tidemark tidemark, MigrationVersion version, String script) {
		CatalogueSnapshot before = this.watcher.before();
		CatalogueSnapshot after = this.watcher.after();
		// Behind the newest version repeatables have run, which an undo leaves alone.
		CatalogueSnapshot end = look(tidemark);
		undo(tidemark, version, script);
		CatalogueSnapshot undone = look(tidemark);
		CatalogueSnapshot expected = before.after(after, end);
		Set<String> missing = expected.without(undone);
		// What an undo drops of these, the next run makes again.
		missing.removeAll(end.without(after));
		requireNone("After " + script + " the catalogue is not what it was before version " + version, missing,
				undone.without(expected));
		tidemark.migrate();
		CatalogueSnapshot again = look(tidemark);
		requireNone(
				"After " + script + " version " + version
						+ " does not make the catalogue again what it had made it before",
				end.without(again), again.without(end));
	}

	private static void undo(Tidemark tidemark, MigrationVersion version, String script) {
		try {
			tidemark.undo(UndoRequest.of(UndoSelection.last(1, version))
				.because("round trip of a test")
				.allowingDataLoss("the database belongs to a test"));
		}
		catch (TidemarkException ex) {
			throw new AssertionError(script + " does not undo version " + version + ": " + ex.getMessage(), ex);
		}
	}

	private static void requireNone(String what, Set<String> missing, Set<String> left) {
		if (!missing.isEmpty() || !left.isEmpty()) {
			StringBuilder message = new StringBuilder(what).append(':');
			missing.forEach((line) -> message.append("\n  missing: ").append(line));
			left.forEach((line) -> message.append("\n  left:    ").append(line));
			throw new AssertionError(message.toString());
		}
	}

	/** Looks at the catalogue before and after each version. */
	private static final class Watcher implements RunListener {

		private final Tidemark tidemark;

		private final Function<Tidemark, CatalogueSnapshot> look;

		private @Nullable CatalogueSnapshot before;

		private @Nullable CatalogueSnapshot after;

		Watcher(Tidemark tidemark, Function<Tidemark, CatalogueSnapshot> look) {
			this.tidemark = tidemark;
			this.look = look;
		}

		@Override
		public void migrationStarted(MigrationInfo migration) {
			if (isVersion(migration)) {
				this.before = this.look.apply(this.tidemark);
			}
		}

		@Override
		public void migrationApplied(MigrationInfo migration, MigrationResult result) {
			if (isVersion(migration)) {
				this.after = this.look.apply(this.tidemark);
			}
		}

		private static boolean isVersion(MigrationInfo migration) {
			return !migration.undo() && migration.identity().isVersioned();
		}

		CatalogueSnapshot before() {
			return required(this.before);
		}

		CatalogueSnapshot after() {
			return required(this.after);
		}

		private static CatalogueSnapshot required(@Nullable CatalogueSnapshot snapshot) {
			if (snapshot == null) {
				throw new IllegalStateException("The catalogue could not be looked at; the log tells why");
			}
			return snapshot;
		}

	}

}
