package dev.tidemark.safety;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Place;
import dev.tidemark.plan.step.Segment;
import dev.tidemark.plan.step.Step;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.Change;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.ObjectName;
import dev.tidemark.statement.Statements;

/**
 * Finds what statements would lose of what the database holds now. It errs on one side
 * only: what it cannot tell is a finding. Used once, for statements in the order in which
 * they will run.
 *
 * @since 0.1.0
 */
public final class DataLoss {

	/** Nothing that depends on these holds rows or values of its own. */
	private static final Set<ObjectKind> WITHOUT_ROWS = EnumSet.of(ObjectKind.EVENT_TRIGGER, ObjectKind.INDEX,
			ObjectKind.MATERIALIZED_VIEW, ObjectKind.POLICY, ObjectKind.PUBLICATION, ObjectKind.RULE,
			ObjectKind.STATISTICS, ObjectKind.TRIGGER, ObjectKind.VIEW);

	/** What stands for rows of others as soon as it is created. */
	private static final Set<ObjectKind> WITH_ROWS_OF_OTHERS = EnumSet.of(ObjectKind.FOREIGN_TABLE, ObjectKind.VIEW);

	private static final Set<ObjectKind> CALLABLE = EnumSet.of(ObjectKind.AGGREGATE, ObjectKind.FUNCTION);

	/** Types, and those that hold all of their values exactly. */
	private static final Map<String, Set<String>> WIDER = Map.of("smallint",
			Set.of("integer", "int", "int4", "bigint", "int8", "numeric"), "integer",
			Set.of("bigint", "int8", "numeric"), "bigint", Set.of("numeric"), "real",
			Set.of("double precision", "float8"));

	/** What takes neither rows nor values away, whatever it is about. */
	private static final Set<Class<? extends Change>> HARMLESS = Set.of(Change.AddColumn.class,
			Change.AddConstraint.class, Change.AttachIndex.class, Change.Comment.class, Change.Create.class,
			Change.Grant.class, Change.Insert.class, Change.Other.class, Change.Passing.class, Change.RowSecurity.class,
			Change.SetNotNull.class);

	private static final Set<String> TEXT = Set.of("text", "varchar", "character varying");

	private final Facts facts;

	/** What statements before have given another meaning, or other rows. */
	private final Set<String> moved = new HashSet<>();

	private final List<Finding> findings = new ArrayList<>();

	private boolean otherSearchPath;

	private DataLoss(Facts facts) {
		this.facts = facts;
	}

	/**
	 * Examines statements.
	 * @param steps what will run, in order
	 * @param facts the live database
	 * @return what would be lost, or may be; none if nothing is
	 */
	public static List<Finding> find(List<Step> steps, Facts facts) {
		DataLoss dataLoss = new DataLoss(facts);
		for (Step step : steps) {
			dataLoss.otherSearchPath = false;
			for (Segment segment : step.segments()) {
				segment.statements().forEach((statement) -> dataLoss.examine(step, statement));
			}
		}
		return List.copyOf(dataLoss.findings);
	}

	/**
	 * Examines one change.
	 * @param place where it stands
	 * @param statement the statement that it is of
	 * @param change the change
	 * @param facts the live database
	 * @return what would be lost, or may be
	 */
	static List<Finding> find(Place place, SqlStatement statement, Change change, Facts facts) {
		DataLoss dataLoss = new DataLoss(facts);
		dataLoss.new Examination(place, statement).examine(change);
		return List.copyOf(dataLoss.findings);
	}

	private void examine(Step step, SqlStatement statement) {
		Place place = new Place(step.migration().script(), statement.number(), statement.line(), statement.column(),
				statement.excerpt());
		Examination examination = new Examination(place, statement);
		Statements.of(statement).changes().forEach(examination::examine);
	}

	/** The examination of one statement. */
	private final class Examination {

		private final Place place;

		private final SqlStatement statement;

		Examination(Place place, SqlStatement statement) {
			this.place = place;
			this.statement = statement;
		}

		void examine(Change change) {
			if (change instanceof Change.Drop drop) {
				drop(drop);
			}
			else if (change instanceof Change.DropColumn drop) {
				cascade(drop.cascade());
				values(Rule.DROP_COLUMN, drop.table(), drop.column());
			}
			else if (change instanceof Change.AlterColumnType alter) {
				alterType(alter);
			}
			else if (change instanceof Change.Truncate truncate) {
				cascade(truncate.cascade());
				truncate.tables().forEach((table) -> rows(Rule.TRUNCATE, table));
			}
			else if (change instanceof Change.Delete delete) {
				rows(Rule.DELETE, delete.table());
			}
			else if (change instanceof Change.Update update) {
				update(update);
			}
			else if (change instanceof Change.Insert insert && insert.overwrites()) {
				rows(Rule.OVERWRITE, insert.table());
			}
			else if (change instanceof Change.Merge merge) {
				rows(Rule.OVERWRITE, merge.table());
			}
			else if (change instanceof Change.Call call) {
				call(call);
			}
			else if (change instanceof Change.Opaque opaque) {
				add(Rule.NOT_JUDGED, "What " + opaque.command() + " does cannot be told from its text.", null);
			}
			else {
				follow(change);
			}
		}

		/** Notes what makes names mean something else than they do now. */
		private void follow(Change change) {
			if (change instanceof Change.Rename rename) {
				DataLoss.this.moved.add(rename.to());
			}
			else if (change instanceof Change.SetSchema set) {
				DataLoss.this.moved.add(set.name().name().name());
			}
			else if (change instanceof Change.AttachPartition attach) {
				DataLoss.this.moved.add(attach.table().name());
			}
			else if (change instanceof Change.Inherit inherit) {
				DataLoss.this.moved.add(inherit.parent().name());
			}
			else if (change instanceof Change.Create create && create.name() != null
					&& (WITH_ROWS_OF_OTHERS.contains(create.kind()) || CALLABLE.contains(create.kind()))) {
				DataLoss.this.moved.add(create.name().name().name());
			}
			else if (change instanceof Change.SetSearchPath) {
				DataLoss.this.otherSearchPath = true;
			}
			else if (!HARMLESS.contains(change.getClass())) {
				throw new IllegalStateException("Unknown kind of change: " + change.getClass());
			}
		}

		private void drop(Change.Drop drop) {
			ObjectKind kind = drop.kind();
			cascade(drop.cascade() && (kind == null || !WITHOUT_ROWS.contains(kind)));
			if (kind == ObjectKind.DATABASE) {
				add(Rule.NOT_JUDGED, "What the database holds is not known here.", null);
			}
			for (ObjectName name : drop.names()) {
				if (kind == ObjectKind.TABLE) {
					rows(Rule.DROP_TABLE, name.name());
				}
				else if (kind == ObjectKind.EXTENSION) {
					DataLoss.this.facts.tables(name.name().name())
						.ifPresentOrElse((tables) -> tables.forEach((table) -> rows(Rule.DROP_TABLE, table)),
								() -> add(Rule.NOT_JUDGED, "Which tables belong to the extension is not known.", null));
				}
			}
		}

		private void cascade(boolean cascade) {
			if (cascade) {
				add(Rule.CASCADE, "CASCADE takes along whatever depends on it, and that is not looked at.", null);
			}
		}

		private void update(Change.Update update) {
			if (update.columns().isEmpty()) {
				rows(Rule.OVERWRITE, update.table());
			}
			update.columns().forEach((column) -> values(Rule.OVERWRITE, update.table(), column));
		}

		private void alterType(Change.AlterColumnType alter) {
			String before = DataLoss.this.facts.type(alter.table(), alter.column());
			String after = alter.type().toLowerCase(Locale.ROOT);
			boolean wider = before != null
					&& (TEXT.contains(after) || WIDER.getOrDefault(before, Set.of()).contains(after));
			if (!wider || alter.using() || isMoved(alter.table(), alter.column())) {
				values(Rule.NARROW, alter.table(), alter.column());
			}
		}

		private void call(Change.Call call) {
			Set<String> functions = new TreeSet<>(call.functions());
			functions.retainAll(DataLoss.this.moved);
			functions.addAll(DataLoss.this.facts.functions(call.functions()));
			if (!functions.isEmpty()) {
				add(Rule.NOT_JUDGED, "What these functions do is not known: " + String.join(", ", functions) + ".",
						null);
			}
		}

		private void rows(Rule rule, QualifiedName table) {
			if (isMoved(table, "")) {
				moved(table);
				return;
			}
			Presence answer = DataLoss.this.facts.holdsRows(table);
			if (answer == Presence.YES || answer == Presence.UNKNOWN) {
				add(rule, told("The table " + table, answer, "rows") + consequence(rule, "rows"), table);
			}
		}

		private void values(Rule rule, QualifiedName table, String column) {
			if (isMoved(table, column)) {
				moved(table);
				return;
			}
			Presence answer = DataLoss.this.facts.holdsValues(table, column);
			if (answer == Presence.YES || answer == Presence.UNKNOWN) {
				String subject = "The column \"" + column + "\" of the table " + table;
				add(rule, told(subject, answer, "values") + consequence(rule, "values"), table);
			}
		}

		private static String told(String subject, Presence answer, String content) {
			return (answer == Presence.YES) ? subject + " holds " + content
					: subject + " may hold " + content + ", which could not be found out in time";
		}

		private static String consequence(Rule rule, String content) {
			return switch (rule) {
				case OVERWRITE -> ", and others would take their place.";
				case NARROW -> ", and the new type may not hold all of them.";
				case DELETE -> ", and some or all would be deleted.";
				case DROP_TABLE, DROP_COLUMN, CASCADE, TRUNCATE, NOT_JUDGED ->
					", and these " + content + " would be lost.";
			};
		}

		private boolean isMoved(QualifiedName table, String column) {
			return (DataLoss.this.otherSearchPath && table.schema() == null)
					|| DataLoss.this.moved.contains(table.name()) || DataLoss.this.moved.contains(column)
					|| (table.schema() != null && DataLoss.this.moved.contains(table.schema()));
		}

		private void moved(QualifiedName table) {
			add(Rule.NOT_JUDGED,
					"What " + table + " holds or names by then cannot be told: a statement before it creates, renames"
							+ " or moves something of that name, or sets the search path.",
					table);
		}

		private void add(Rule rule, String what, @Nullable QualifiedName table) {
			Long rows = (table != null && rule != Rule.NOT_JUDGED) ? DataLoss.this.facts.rows(table) : null;
			String told = this.statement.mask(what);
			DataLoss.this.findings.add(new Finding(
					rule, this.place, (rows != null && rows > 0)
							? told + " It has about " + rows + ((rows != 1) ? " rows." : " row.") : told,
					(table != null) ? masked(table) : null, rows));
		}

		/** What a placeholder stands for is nobody's business. */
		private QualifiedName masked(QualifiedName table) {
			String schema = table.schema();
			return new QualifiedName((schema != null) ? this.statement.mask(schema) : null,
					this.statement.mask(table.name()));
		}

	}

}
