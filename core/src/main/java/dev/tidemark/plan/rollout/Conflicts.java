package dev.tidemark.plan.rollout;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.plan.step.Step;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.CreateTableAs;
import dev.tidemark.statement.RowChange;
import dev.tidemark.statement.Rows;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.TableConstraint;
import dev.tidemark.statement.parse.Statements;

/**
 * Finds what would run before something that waits, and must not: it needs what that has
 * not done yet, or would break it. Used once.
 * <p>
 * Where all phases run one after the other, a file runs behind those below it. So only
 * what lies above a waiting file, and repeatables, run too early here; what lies below
 * runs in its turn, and is in the way only of a backfill that has begun before.
 *
 * @since 0.1.0
 */
public final class Conflicts {

	private final List<Footprint> waiting;

	private final BiFunction<QualifiedName, String, @Nullable TableConstraint> constraints;

	/** All names that steps give. */
	private final List<ObjectRef> given;

	/** The names that steps before have given. */
	private final List<ObjectRef> made = new ArrayList<>();

	private final List<Problem> problems = new ArrayList<>();

	private final Lineage lineage;

	private Conflicts(List<WaitingFile> waiting, List<ObjectRef> given, Lineage lineage,
			BiFunction<QualifiedName, String, @Nullable TableConstraint> constraints) {
		this.waiting = waiting.stream().map(Footprint::of).toList();
		this.given = given;
		this.lineage = lineage;
		this.constraints = constraints;
	}

	/**
	 * Compare what would run with what waits.
	 * @param steps what would run, in order
	 * @param waiting what waits
	 * @param constraints finds a constraint of a table by its name, as far as files tell
	 * @param look finds out which tables are partitions
	 * @return what must not run yet, and why; at most one problem for a statement and a
	 * file that waits
	 */
	public static List<Problem> find(List<Step> steps, List<WaitingFile> waiting,
			BiFunction<QualifiedName, String, @Nullable TableConstraint> constraints, TableLook look) {
		List<SqlStatement> statements = waiting.isEmpty() ? List.of()
				: steps.stream()
					.flatMap((step) -> step.segments().stream())
					.flatMap((segment) -> segment.statements().stream())
					.toList();
		List<ObjectRef> given = new ArrayList<>();
		statements.forEach((statement) -> given.addAll(NameChanges.of(Statements.of(statement)).made()));
		boolean walks = waiting.stream().anyMatch((file) -> file.table() != null);
		Lineage lineage = Lineage.of(walks ? statements : List.of(), look);
		Conflicts conflicts = new Conflicts(waiting, given, lineage, constraints);
		for (Step step : steps) {
			step.segments()
				.forEach((segment) -> segment.statements()
					.forEach((statement) -> conflicts.examine(step.migration(), statement)));
		}
		return List.copyOf(conflicts.problems);
	}

	private void examine(Migration migration, SqlStatement sql) {
		Statement statement = Statements.of(sql);
		NameChanges changes = NameChanges.of(statement);
		for (Footprint footprint : this.waiting) {
			boolean above = isAbove(migration.identity(), footprint.file().migration().identity());
			if (above || footprint.file().begun()) {
				String reason = reason(footprint, above, sql, statement, changes);
				if (reason != null) {
					this.problems.add(problem(migration, sql, footprint.file(), reason));
				}
			}
		}
		this.made.addAll(changes.made());
	}

	private static boolean isAbove(Identity identity, Identity waiting) {
		MigrationVersion version = identity.version();
		MigrationVersion other = waiting.version();
		return version == null || other == null || version.compareTo(other) > 0;
	}

	private @Nullable String reason(Footprint footprint, boolean above, SqlStatement sql, Statement statement,
			NameChanges changes) {
		String reason = taken(footprint, changes);
		if (reason == null && footprint.file().migration().phase() == Phase.BACKFILL) {
			reason = harmed(footprint, statement);
			if (reason == null) {
				reason = widened(footprint, changes);
			}
		}
		if (reason == null && above) {
			reason = tooEarly(footprint, sql, statement, changes);
		}
		return reason;
	}

	private @Nullable String tooEarly(Footprint footprint, SqlStatement sql, Statement statement, NameChanges changes) {
		String reason = reused(footprint, changes);
		if (reason == null) {
			reason = demanded(footprint, statement);
		}
		if (reason == null) {
			reason = kept(footprint, sql, statement);
		}
		return (reason != null) ? reason : needed(footprint, sql, changes);
	}

	/**
	 * What steps have made themselves is nothing that a waiting file knows. The rows of a
	 * partition are some of those that a backfill walks over.
	 */
	private @Nullable String taken(Footprint footprint, NameChanges changes) {
		for (ObjectRef name : changes.freed()) {
			boolean used = footprint.uses(name) || footprint.freed().stream().anyMatch(name::isSame)
					|| (name.space() == ObjectRef.Space.RELATION
							&& this.lineage.above(new QualifiedName(name.schema(), name.name()))
								.stream()
								.anyMatch(footprint::walks));
			if (used && this.made.stream().noneMatch(name::isSame)) {
				return "It drops, renames or moves " + name + ", which " + footprint.file().inWords()
						+ " has yet to read or change";
			}
		}
		return null;
	}

	private @Nullable String harmed(Footprint footprint, Statement statement) {
		for (TableHarm.Harm harm : TableHarm.of(statement)) {
			if (this.lineage.of(harm.table()).stream().anyMatch((table) -> isHarmed(footprint, harm, table))) {
				return "It " + harm.words() + ", which " + footprint.file().inWords() + " has yet to work on";
			}
		}
		return null;
	}

	private static boolean isHarmed(Footprint footprint, TableHarm.Harm harm, QualifiedName table) {
		String column = harm.column();
		boolean walked = footprint.walks(table);
		return switch (harm.kind()) {
			case REWRITE, KEY -> walked;
			case ROWS -> walked || footprint.mentions().relation(table.schema(), table.name());
			case TYPE ->
				walked || (column != null && footprint.mentions().column(table.schema(), table.name(), column));
		};
	}

	/** A copy of all columns fits, if the table that it goes into gets the same ones. */
	private @Nullable String widened(Footprint footprint, NameChanges changes) {
		for (ObjectRef name : changes.made()) {
			String table = name.table();
			if (name.space() == ObjectRef.Space.COLUMN && table != null
					&& footprint.copies(new QualifiedName(name.schema(), table))
					&& footprint.extended()
						.stream()
						.map((other) -> ObjectRef.of(other, ObjectRef.Space.COLUMN, name.name()))
						.noneMatch((other) -> this.given.stream().anyMatch(other::isSame))) {
				return "It adds " + name + ", of which " + footprint.file().inWords() + " has yet to copy all columns";
			}
		}
		return null;
	}

	private static @Nullable String reused(Footprint footprint, NameChanges changes) {
		for (ObjectRef name : changes.made()) {
			for (ObjectRef freed : footprint.freed()) {
				if (name.isSame(freed)) {
					return "It uses " + name + " again, which only " + footprint.file().inWords() + " frees";
				}
			}
			if (footprint.renamed().stream().anyMatch(name::isSame)) {
				return "It uses " + name + ", which " + footprint.file().inWords()
						+ " has yet to give to something else";
			}
		}
		return null;
	}

	private @Nullable String demanded(Footprint footprint, Statement statement) {
		if (footprint.filled().isEmpty()) {
			return null;
		}
		for (RowDemands.Demand demand : RowDemands.of(statement, this.constraints)) {
			Set<String> filled = new HashSet<>();
			this.lineage.of(demand.table()).forEach((table) -> filled.addAll(footprint.filled(table)));
			String column = demand.about(filled);
			if (column != null) {
				return "It " + demand.words() + " the column " + column + " of " + demand.table().name() + ", which "
						+ footprint.file().inWords() + " has yet to fill";
			}
		}
		return null;
	}

	/** What reads rows and keeps what it has read, keeps what they hold now. */
	private static @Nullable String kept(Footprint footprint, SqlStatement sql, Statement statement) {
		Rows rows = (statement instanceof Rows some) ? some : null;
		boolean keeps = (rows != null && !rows.changes().isEmpty())
				|| (statement instanceof CreateTableAs create && create.withData());
		if (!keeps || (footprint.filled().isEmpty() && footprint.extended().isEmpty())) {
			return null;
		}
		Mentions mentions = Mentions.of(List.of(sql));
		for (Map.Entry<QualifiedName, Set<String>> filled : footprint.filled().entrySet()) {
			QualifiedName table = filled.getKey();
			for (String column : filled.getValue()) {
				if (mentions.read(table.schema(), table.name(), column)) {
					return "It keeps what it reads of the column " + column + " of " + table.name() + ", which "
							+ footprint.file().inWords() + " has yet to fill";
				}
			}
		}
		for (QualifiedName table : footprint.extended()) {
			boolean adds = rows != null && rows.changes()
				.stream()
				.anyMatch((change) -> change instanceof RowChange.Insert && change.table().name().equals(table.name()));
			if (!adds && mentions.rows(table.schema(), table.name())) {
				return "It works on the rows of " + table + ", to which " + footprint.file().inWords()
						+ " has yet to add some";
			}
		}
		return null;
	}

	private @Nullable String needed(Footprint footprint, SqlStatement sql, NameChanges changes) {
		if (footprint.made().isEmpty() && footprint.replaced().isEmpty()) {
			return null;
		}
		Mentions mentions = Mentions.of(List.of(sql));
		for (ObjectRef name : footprint.made()) {
			boolean own = this.made.stream().anyMatch(name::isSame) || changes.made().stream().anyMatch(name::isSame);
			if (!own && isMentioned(mentions, name)) {
				return "It needs " + name + ", which only " + footprint.file().inWords() + " makes";
			}
		}
		for (ObjectRef name : footprint.replaced()) {
			if (name.space() == ObjectRef.Space.RELATION && mentions.relation(name.schema(), name.name())) {
				return "It is about " + name + ", which stands for something else when " + footprint.file().inWords()
						+ " has run";
			}
		}
		return null;
	}

	private static boolean isMentioned(Mentions mentions, ObjectRef name) {
		String table = name.table();
		return switch (name.space()) {
			case RELATION -> mentions.relation(name.schema(), name.name());
			case COLUMN -> table != null && mentions.column(name.schema(), table, name.name());
			case ROUTINE -> mentions.routine(name.schema(), name.name());
			case SCHEMA -> mentions.schema(name.name());
			case CONSTRAINT, TRIGGER -> false;
		};
	}

	private static Problem problem(Migration migration, SqlStatement sql, WaitingFile waiting, String reason) {
		Place place = new Place(migration.script(), sql.number(), sql.line(), sql.column(), sql.excerpt());
		boolean backfill = waiting.migration().phase() == Phase.BACKFILL;
		return Problem.error(ErrorCode.PHASE_CONFLICT, place,
				reason + " (" + waiting.migration().script() + ", "
						+ (waiting.begun() ? "which has begun and is not finished" : "which waits") + ").",
				(backfill
						? "Let the backfill come to its end first, and deploy this file after that; or skip the backfill"
						: "Deploy this file when the contract has run; or skip the contract") + " with "
						+ SettingNames.name("run.skip")
						+ ((migration.identity().version() != null)
								? "; or hold it and all above it back until then with "
										+ SettingNames.name("run.target") + "; or let the file do without it."
								: "; or let the repeatable do without it."));
	}

}
