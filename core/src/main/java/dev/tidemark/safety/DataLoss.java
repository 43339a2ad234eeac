package dev.tidemark.safety;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Place;
import dev.tidemark.plan.step.Segment;
import dev.tidemark.plan.step.Step;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.AlterExtension;
import dev.tidemark.statement.AlterObject;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.AlterType;
import dev.tidemark.statement.CallProcedure;
import dev.tidemark.statement.Copy;
import dev.tidemark.statement.CreateObject;
import dev.tidemark.statement.CreateRoutine;
import dev.tidemark.statement.CreateSchema;
import dev.tidemark.statement.CreateTable;
import dev.tidemark.statement.CreateTableAs;
import dev.tidemark.statement.CreateView;
import dev.tidemark.statement.DeclareCursor;
import dev.tidemark.statement.Discard;
import dev.tidemark.statement.DoBlock;
import dev.tidemark.statement.Drop;
import dev.tidemark.statement.DropOwned;
import dev.tidemark.statement.ExecutePrepared;
import dev.tidemark.statement.Explain;
import dev.tidemark.statement.Expression;
import dev.tidemark.statement.FinishPrepared;
import dev.tidemark.statement.ImportForeignSchema;
import dev.tidemark.statement.Load;
import dev.tidemark.statement.ObjectAction;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.ObjectName;
import dev.tidemark.statement.RowChange;
import dev.tidemark.statement.Rows;
import dev.tidemark.statement.SetParameter;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.StatementVisitor;
import dev.tidemark.statement.TableAction;
import dev.tidemark.statement.TableActionVisitor;
import dev.tidemark.statement.Truncate;
import dev.tidemark.statement.TypeAction;
import dev.tidemark.statement.Unknown;
import dev.tidemark.statement.parse.Statements;

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

	/** Types, and those that hold all of their values exactly. */
	private static final Map<String, Set<String>> WIDER = Map.of("smallint",
			Set.of("integer", "int", "int4", "bigint", "int8", "numeric"), "integer",
			Set.of("bigint", "int8", "numeric"), "bigint", Set.of("numeric"), "real",
			Set.of("double precision", "float8"));

	private static final Set<String> TEXT = Set.of("text", "varchar", "character varying");

	private final Facts facts;

	/** What statements before have given another meaning, or other rows. */
	private final Set<String> moved = new HashSet<>();

	private final List<Finding> findings = new ArrayList<>();

	private boolean otherSearchPath;

	/** Whether a schema of the search path may be another one now. */
	private boolean otherSchemas;

	/** Whether there may be tables of any name that stand for rows of others. */
	private boolean imported;

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
	 * Examines one statement.
	 * @param place where it stands
	 * @param sql its text
	 * @param statement what it does
	 * @param facts the live database
	 * @return what would be lost, or may be
	 */
	static List<Finding> find(Place place, SqlStatement sql, Statement statement, Facts facts) {
		DataLoss dataLoss = new DataLoss(facts);
		dataLoss.new Examination(place, sql).examine(statement);
		return List.copyOf(dataLoss.findings);
	}

	private void examine(Step step, SqlStatement statement) {
		Place place = new Place(step.migration().script(), statement.number(), statement.line(), statement.column(),
				statement.excerpt());
		new Examination(place, statement).examine(Statements.of(statement));
	}

	/** The examination of one statement. */
	@SuppressWarnings("NullAway") // It does not know that a type parameter may be
									// nullable.
	private final class Examination implements StatementVisitor<@Nullable Void> {

		private final Place place;

		private final SqlStatement statement;

		private final RowChange.Visitor writes = new RowChange.Visitor() {

			@Override
			public void visit(RowChange.Insert insert) {
				if (insert.overwrites()) {
					rows(Rule.OVERWRITE, insert.table());
				}
			}

			@Override
			public void visit(RowChange.Update update) {
				if (update.columns().isEmpty()) {
					rows(Rule.OVERWRITE, update.table());
				}
				update.columns().forEach((column) -> values(Rule.OVERWRITE, update.table(), column));
			}

			@Override
			public void visit(RowChange.Delete delete) {
				rows(Rule.DELETE, delete.table());
			}

			@Override
			public void visit(RowChange.Merge merge) {
				rows(Rule.OVERWRITE, merge.table());
			}

		};

		Examination(Place place, SqlStatement statement) {
			this.place = place;
			this.statement = statement;
		}

		void examine(Statement one) {
			one.accept(this);
		}

		/** What is left takes neither rows nor values away, whatever it is about. */
		@Override
		public @Nullable Void other(Statement harmless) {
			return null;
		}

		@Override
		public @Nullable Void visit(Drop drop) {
			ObjectKind kind = drop.kind();
			cascade(drop.cascade() && !WITHOUT_ROWS.contains(kind));
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
			return null;
		}

		@Override
		public @Nullable Void visit(AlterTable alter) {
			Action action = new Action(alter);
			alter.actions().forEach((one) -> one.accept(action));
			return null;
		}

		@Override
		public @Nullable Void visit(Rows rows) {
			rows.changes().forEach((change) -> change.accept(this.writes));
			if (rows.settings().stream().anyMatch(this::setsSearchPath)) {
				DataLoss.this.otherSearchPath = true;
			}
			call(rows.functions());
			return null;
		}

		/** Which program it is that the server is to run says nothing. */
		@Override
		public @Nullable Void visit(Copy copy) {
			if (copy.endpoint() == Copy.Endpoint.PROGRAM) {
				opaque("PROGRAM");
			}
			call(copy.functions());
			if (copy.query() != null) {
				examine(copy.query());
			}
			return null;
		}

		@Override
		public @Nullable Void visit(Truncate truncate) {
			cascade(truncate.cascade());
			truncate.tables().forEach((table) -> rows(Rule.TRUNCATE, table));
			return null;
		}

		@Override
		public @Nullable Void visit(CreateTableAs create) {
			examine(create.query());
			return null;
		}

		@Override
		public @Nullable Void visit(DeclareCursor declare) {
			examine(declare.query());
			return null;
		}

		@Override
		public @Nullable Void visit(Explain explain) {
			if (explain.analyze()) {
				examine(explain.statement());
			}
			return null;
		}

		@Override
		public @Nullable Void visit(CreateSchema create) {
			create.elements().forEach(this::examine);
			return null;
		}

		/** What stands for rows of others does so as soon as it is created. */
		@Override
		public @Nullable Void visit(CreateView create) {
			DataLoss.this.moved.add(create.name().name());
			return null;
		}

		@Override
		public @Nullable Void visit(CreateTable create) {
			if (create.kind() == ObjectKind.FOREIGN_TABLE) {
				DataLoss.this.moved.add(create.name().name());
			}
			return null;
		}

		@Override
		public @Nullable Void visit(CreateRoutine create) {
			if (create.kind() == ObjectKind.FUNCTION) {
				DataLoss.this.moved.add(create.name().name().name());
			}
			return null;
		}

		@Override
		public @Nullable Void visit(CreateObject create) {
			if (create.kind() == ObjectKind.AGGREGATE && create.name() != null) {
				DataLoss.this.moved.add(create.name().name().name());
			}
			return null;
		}

		@Override
		public @Nullable Void visit(AlterObject alter) {
			if (alter.action() instanceof ObjectAction.Rename rename) {
				DataLoss.this.moved.add(rename.to());
				DataLoss.this.otherSchemas |= alter.kind() == ObjectKind.SCHEMA;
			}
			else if (alter.action() instanceof ObjectAction.SetSchema && alter.name() != null) {
				DataLoss.this.moved.add(alter.name().name().name());
			}
			return null;
		}

		@Override
		public @Nullable Void visit(ImportForeignSchema tables) {
			DataLoss.this.imported = true;
			return null;
		}

		@Override
		public @Nullable Void visit(AlterType alter) {
			for (TypeAction action : alter.actions()) {
				if (action instanceof TypeAction.DropAttribute || action instanceof TypeAction.AlterAttribute) {
					return opaque("ALTER TYPE");
				}
				if (action instanceof TypeAction.RenameAttribute rename) {
					DataLoss.this.moved.add(rename.to());
				}
			}
			return null;
		}

		@Override
		public @Nullable Void visit(AlterExtension alter) {
			return (alter.action() == AlterExtension.Action.UPDATE) ? opaque("ALTER EXTENSION") : null;
		}

		@Override
		public @Nullable Void visit(SetParameter set) {
			if (setsSearchPath(set)) {
				DataLoss.this.otherSearchPath = true;
			}
			return null;
		}

		@Override
		public @Nullable Void visit(Discard discard) {
			if (discard.what().equals("ALL")) {
				DataLoss.this.otherSearchPath = true;
			}
			return null;
		}

		private boolean setsSearchPath(SetParameter set) {
			boolean role = set.concerns("role") || set.concerns("session_authorization");
			return set.concerns("search_path") || (role && DataLoss.this.facts.followsRole());
		}

		/**
		 * What runs if a condition holds is taken for something that runs. However much
		 * in it is unknown, it is one block that cannot be judged.
		 */
		@Override
		public @Nullable Void visit(DoBlock block) {
			block.statements().stream().filter((one) -> !(one instanceof Unknown)).forEach(this::examine);
			return block.complete() ? null : opaque("DO");
		}

		@Override
		public @Nullable Void visit(CallProcedure call) {
			return opaque("CALL");
		}

		@Override
		public @Nullable Void visit(ExecutePrepared execute) {
			return opaque("EXECUTE");
		}

		@Override
		public @Nullable Void visit(Load load) {
			return opaque("LOAD");
		}

		@Override
		public @Nullable Void visit(FinishPrepared finish) {
			return opaque(finish.commit() ? "COMMIT PREPARED" : "ROLLBACK PREPARED");
		}

		@Override
		public @Nullable Void visit(DropOwned drop) {
			return opaque("DROP OWNED");
		}

		@Override
		public @Nullable Void visit(Unknown unknown) {
			return opaque(unknown.command());
		}

		private @Nullable Void opaque(String command) {
			add(Rule.NOT_JUDGED, "What " + command + " does cannot be told from its text.", null);
			return null;
		}

		private void cascade(boolean cascade) {
			if (cascade) {
				add(Rule.CASCADE, "CASCADE takes along whatever depends on it, and that is not looked at.", null);
			}
		}

		private void alterType(QualifiedName table, TableAction.AlterColumnType alter) {
			String before = DataLoss.this.facts.type(table, alter.column());
			String after = alter.type().sql().toLowerCase(Locale.ROOT);
			boolean wider = before != null
					&& (TEXT.contains(after) || WIDER.getOrDefault(before, Set.of()).contains(after));
			if (!wider || alter.using() != null || isMoved(table, alter.column())) {
				values(Rule.NARROW, table, alter.column());
			}
			call(alter.using());
		}

		/** An expression is evaluated for each row that is there. */
		private void call(@Nullable Expression expression) {
			if (expression != null) {
				call(expression.functions());
			}
		}

		private void call(Set<QualifiedName> names) {
			Set<String> called = names.stream().map(QualifiedName::name).collect(Collectors.toSet());
			if (called.isEmpty()) {
				return;
			}
			Set<String> functions = new TreeSet<>(called);
			functions.retainAll(DataLoss.this.moved);
			functions.addAll(DataLoss.this.facts.functions(called));
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
			if (answer == Presence.ABSENT && DataLoss.this.imported) {
				moved(table);
			}
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
			if (answer == Presence.ABSENT && DataLoss.this.imported) {
				moved(table);
			}
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
			return ((DataLoss.this.otherSearchPath || DataLoss.this.otherSchemas) && table.schema() == null)
					|| DataLoss.this.moved.contains(table.name()) || DataLoss.this.moved.contains(column)
					|| (table.schema() != null && DataLoss.this.moved.contains(table.schema()));
		}

		private void moved(QualifiedName table) {
			add(Rule.NOT_JUDGED,
					"What " + table + " holds or names by then cannot be told: a statement before it creates, renames"
							+ " or moves something of that name, or sets the role or the search path.",
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

		/** What is done to one relation. */
		private final class Action implements TableActionVisitor<@Nullable Void> {

			private final AlterTable alter;

			Action(AlterTable alter) {
				this.alter = alter;
			}

			/** What is left takes neither rows nor values away. */
			@Override
			public @Nullable Void other(TableAction harmless) {
				return null;
			}

			@Override
			public @Nullable Void visit(TableAction.AddColumn add) {
				call(add.column().defaultValue());
				return null;
			}

			@Override
			public @Nullable Void visit(TableAction.DropColumn drop) {
				cascade(drop.cascade());
				values(Rule.DROP_COLUMN, this.alter.name(), drop.column());
				return null;
			}

			@Override
			public @Nullable Void visit(TableAction.AlterColumnType type) {
				alterType(this.alter.name(), type);
				return null;
			}

			@Override
			public @Nullable Void visit(TableAction.Rename rename) {
				return moves(rename.to());
			}

			@Override
			public @Nullable Void visit(TableAction.RenameColumn rename) {
				return moves(rename.to());
			}

			@Override
			public @Nullable Void visit(TableAction.SetSchema set) {
				return moves(this.alter.name().name());
			}

			@Override
			public @Nullable Void visit(TableAction.AttachPartition attach) {
				return (this.alter.kind() != ObjectKind.INDEX) ? moves(this.alter.name().name()) : null;
			}

			@Override
			public @Nullable Void visit(TableAction.Inherit inherit) {
				return inherit.inherit() ? moves(inherit.parent().name()) : null;
			}

			private @Nullable Void moves(String name) {
				DataLoss.this.moved.add(name);
				return null;
			}

		}

	}

}
