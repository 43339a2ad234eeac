package dev.tidemark.statement;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.NormalForm.Flags;

/** Writes what our model says of definitions as {@link NormalForm}. */
abstract class DefinitionForms implements StatementVisitor<NormalForm> {

	static NormalForm form(String kind, Object names, Object actions, Object flags) {
		return new NormalForm(kind, joined(names), joined(actions), flags.toString());
	}

	static String joined(Object words) {
		return (words instanceof Collection<?> all)
				? String.join(", ", all.stream().map(DefinitionForms::joined).toList())
				: (words instanceof QualifiedName name) ? NormalForm.name(name)
						: (words instanceof ObjectName name) ? objectName(name) : words.toString();
	}

	static String objectName(@Nullable ObjectName name) {
		return (name == null) ? ""
				: NormalForm.name(name.name()) + ((name.table() != null) ? " on " + NormalForm.name(name.table()) : "");
	}

	static String nested(Statement statement) {
		return "(" + NormalForm.of(statement) + ")";
	}

	static Flags flags() {
		return new Flags();
	}

	static Flags flags(Persistence persistence) {
		return flags().add("temporary", persistence == Persistence.TEMPORARY)
			.add("unlogged", persistence == Persistence.UNLOGGED);
	}

	static Flags flags(Flags flags, SequenceOptions options) {
		return flags.add("type", NormalForm.type(options.type()))
			.add("restart", options.restart())
			.add("ownedBy", NormalForm.name(options.ownedBy()));
	}

	static Flags flags(Flags flags, RoutineOptions options) {
		return flags.add("language", options.language())
			.add("volatility", options.volatility())
			.add("securityDefiner", (Object) options.securityDefiner())
			.add("settings", String.join(",", new TreeSet<>(options.settings())));
	}

	static Flags flags(PublishedObjects objects) {
		return flags().add("allTables", objects.allTables())
			.add("tables", NormalForm.names(objects.tables()))
			.add("schemas", String.join(",", objects.schemas()))
			.add("anySchema", !objects.schemas().isEmpty());
	}

	static List<String> elements(List<ColumnDefinition> columns, List<TableConstraint> constraints) {
		return Stream
			.concat(columns.stream().map((column) -> "AddColumn:" + NormalForm.column(column)),
					constraints.stream()
						.map((constraint) -> "AddConstraint:" + NormalForm.constraint(constraint, false)))
			.toList();
	}

	@Override
	public NormalForm visit(CreateTable statement) {
		PartitionOf of = statement.partitionOf();
		return form("CREATE " + statement.kind().sql(), statement.name(),
				elements(statement.columns(), statement.constraints()),
				flags(statement.persistence()).add("ifNotExists", statement.ifNotExists())
					.add("parents", NormalForm.names(statement.parents()))
					.add("likes", NormalForm.names(statement.likes()))
					.add("partitionOf",
							(of != null) ? NormalForm.name(of.parent()) + (of.isDefault() ? " default" : "") : null)
					.add("partitionBy",
							(statement.partitionKey() != null) ? statement.partitionKey().strategy() : null));
	}

	@Override
	public NormalForm visit(CreateTableAs statement) {
		String kind = (statement.kind() == ObjectKind.TABLE) ? "TABLE AS" : statement.kind().sql();
		return form("CREATE " + kind, statement.name(), nested(statement.query()),
				flags(statement.persistence()).add("ifNotExists", statement.ifNotExists())
					.add("noData", !statement.withData()));
	}

	@Override
	public NormalForm visit(CreateView statement) {
		return form("CREATE VIEW", statement.name(),
				List.of(String.join(",", statement.columns()), nested(statement.query())),
				flags().add("temporary", statement.temporary())
					.add("orReplace", statement.orReplace())
					.add("options", String.join(",", new TreeSet<>(statement.options()))));
	}

	@Override
	public NormalForm visit(CreateIndex statement) {
		return form("CREATE INDEX", statement.table(),
				statement.keys().stream().map((key) -> (key.column() != null) ? key.column() : "(expression)").toList(),
				flags().add("name", statement.name())
					.add("unique", statement.unique())
					.add("concurrently", statement.concurrently())
					.add("ifNotExists", statement.ifNotExists())
					.add("only", statement.only())
					.add("where", statement.predicate() != null)
					.add("tablespace", statement.tablespace()));
	}

	@Override
	public NormalForm visit(CreateSequence statement) {
		return form("CREATE SEQUENCE", statement.name(), "",
				flags(flags(statement.persistence()).add("ifNotExists", statement.ifNotExists()), statement.options()));
	}

	@Override
	public NormalForm visit(CreateType statement) {
		List<String> actions = Stream
			.concat(statement.labels().stream(), elements(statement.attributes(), List.of()).stream())
			.toList();
		return form("CREATE TYPE", statement.name(), actions, flags().add("form", statement.form()));
	}

	@Override
	public NormalForm visit(CreateDomain statement) {
		ColumnDefinition facts = new ColumnDefinition("", statement.type(), null, statement.defaultValue(), null, null,
				statement.constraints());
		return form("CREATE DOMAIN", statement.name(), NormalForm.column(facts), "");
	}

	@Override
	public NormalForm visit(CreateRoutine statement) {
		return form("CREATE " + statement.kind().sql(), statement.name(), "",
				flags(flags().add("orReplace", statement.orReplace()).add("atomic", statement.options().atomic()),
						statement.options()));
	}

	@Override
	public NormalForm visit(CreateTrigger statement) {
		return form("CREATE TRIGGER", statement.name() + " on " + NormalForm.name(statement.table()),
				statement.events().stream().sorted().toList(),
				flags().add("orReplace", statement.orReplace())
					.add("constraint", statement.constraint())
					.add("from", NormalForm.name(statement.from()))
					.add("timing", statement.timing())
					.add("row", statement.forEachRow())
					.add("when", statement.when() != null)
					.add("function", NormalForm.name(statement.function())));
	}

	@Override
	public NormalForm visit(CreateEventTrigger statement) {
		return form("CREATE EVENT TRIGGER", statement.name(), "",
				flags().add("event", statement.event()).add("function", NormalForm.name(statement.function())));
	}

	@Override
	public NormalForm visit(CreatePolicy statement) {
		return form("CREATE POLICY", statement.name() + " on " + NormalForm.name(statement.table()), "",
				flags().add("permissive", statement.permissive()).add("command", statement.command()));
	}

	@Override
	public NormalForm visit(CreateRule statement) {
		return form("CREATE RULE", statement.name() + " on " + NormalForm.name(statement.table()), "",
				flags().add("orReplace", statement.orReplace())
					.add("instead", statement.instead())
					.add("event", statement.event()));
	}

	@Override
	public NormalForm visit(CreateStatistics statement) {
		return form("CREATE STATISTICS", NormalForm.name(statement.name()), "",
				flags().add("ifNotExists", statement.ifNotExists()).add("table", NormalForm.name(statement.table())));
	}

	@Override
	public NormalForm visit(CreatePublication statement) {
		return form("CREATE PUBLICATION", statement.name(), "", flags(statement.objects()));
	}

	@Override
	public NormalForm visit(CreateSubscription statement) {
		return form("CREATE SUBSCRIPTION", statement.name(), "",
				flags().add("publications", String.join(",", statement.publications()))
					.add("slot", statement.createsSlot()));
	}

	@Override
	public NormalForm visit(CreateExtension statement) {
		return form("CREATE EXTENSION", statement.name(), "",
				flags().add("ifNotExists", statement.ifNotExists())
					.add("schema", statement.schema())
					.add("cascade", statement.cascade()));
	}

	@Override
	public NormalForm visit(CreateSchema statement) {
		return form("CREATE SCHEMA", statement.name(),
				statement.elements().stream().map(DefinitionForms::nested).toList(),
				flags().add("ifNotExists", statement.ifNotExists()));
	}

	@Override
	public NormalForm visit(CreateDatabase statement) {
		return form("CREATE DATABASE", statement.name(), "", "");
	}

	@Override
	public NormalForm visit(CreateTablespace statement) {
		return form("CREATE TABLESPACE", statement.name(), "", flags().add("location", statement.location()));
	}

	@Override
	public NormalForm visit(CreateObject statement) {
		return form("CREATE " + statement.kind().sql(), objectName(statement.name()), "",
				flags().add("orReplace", statement.orReplace()).add("ifNotExists", statement.ifNotExists()));
	}

}
