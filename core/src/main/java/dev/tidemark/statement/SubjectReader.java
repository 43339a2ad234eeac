package dev.tidemark.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.Subject.DetachPartition.Mode;
import dev.tidemark.statement.Subject.Reindex.Target;
import dev.tidemark.statement.Subject.Subscription.Action;

/**
 * Reads the {@link Subject} of one statement; used once. What it does not understand is
 * {@link Subject.Other}: errors of grammar are left to the server.
 */
final class SubjectReader extends TokenReader {

	private static final Set<String> MAINTENANCE = Set.of("VACUUM", "ANALYZE", "ANALYSE", "CHECKPOINT", "DISCARD ALL",
			"DISCARD PLANS", "DISCARD SEQUENCES", "DISCARD TEMP", "REFRESH MATERIALIZED VIEW");

	private static final Set<String> FALSE = Set.of("false", "off", "0");

	private final String command;

	private SubjectReader(TokenReader tokens, String command) {
		super(tokens);
		this.command = command;
	}

	/**
	 * Reads a statement.
	 * @param statement the statement
	 * @return what it is about
	 */
	static Subject read(SqlStatement statement) {
		String command = statement.command();
		if (MAINTENANCE.contains(command)) {
			return new Subject.Maintenance(command);
		}
		Subject subject = new SubjectReader(statement.tokens(), command).read();
		return (subject != null) ? subject : new Subject.Other(command);
	}

	private @Nullable Subject read() {
		return switch (this.command) {
			case "CREATE INDEX", "CREATE INDEX CONCURRENTLY" -> createIndex();
			case "DROP INDEX", "DROP INDEX CONCURRENTLY" -> dropIndex();
			case "REINDEX" -> reindex();
			case "CLUSTER", "REPACK" -> cluster();
			case "ALTER TABLE" -> detachPartition();
			case "ALTER TYPE" -> addEnumValue();
			case "CREATE DATABASE" -> createDatabase();
			case "DROP DATABASE" -> dropDatabase();
			case "ALTER DATABASE" -> moveDatabase();
			case "CREATE TABLESPACE" -> createTablespace();
			case "DROP TABLESPACE" -> dropTablespace();
			case "ALTER SYSTEM" -> alterSystem();
			case "COMMIT PREPARED", "ROLLBACK PREPARED" -> finishPrepared();
			case "CREATE SUBSCRIPTION" -> subscription(Action.CREATE);
			case "DROP SUBSCRIPTION" -> subscription(Action.DROP);
			case "ALTER SUBSCRIPTION" -> alterSubscription();
			default -> null;
		};
	}

	private @Nullable Subject createIndex() {
		skip("CREATE");
		boolean unique = accept("UNIQUE");
		skip("INDEX");
		boolean concurrently = accept("CONCURRENTLY");
		boolean ifNotExists = accept("IF", "NOT", "EXISTS");
		String name = isAt("ON") ? null : identifier();
		if (!accept("ON")) {
			return null;
		}
		QualifiedName table = relation();
		if (table == null || (!isAt("USING") && !isAt('('))) {
			return null;
		}
		String definition = rest();
		return new Subject.CreateIndex(name, table, unique, concurrently, ifNotExists, tablespace(), definition);
	}

	/** The clause stands before the predicate, in which the word may be a column. */
	private @Nullable String tablespace() {
		int depth = 0;
		while (!isAtEnd()) {
			if (isAt('(')) {
				depth++;
			}
			else if (isAt(')')) {
				depth--;
			}
			else if (depth == 0 && isAt("WHERE")) {
				return null;
			}
			else if (depth == 0 && accept("TABLESPACE")) {
				return identifier();
			}
			skip();
		}
		return null;
	}

	private @Nullable Subject dropIndex() {
		skip("DROP");
		skip("INDEX");
		boolean concurrently = accept("CONCURRENTLY");
		boolean ifExists = accept("IF", "EXISTS");
		List<QualifiedName> names = new ArrayList<>();
		do {
			QualifiedName name = name();
			if (name == null) {
				return null;
			}
			names.add(name);
		}
		while (accept(','));
		return new Subject.DropIndex(List.copyOf(names), concurrently, ifExists);
	}

	private @Nullable Subject reindex() {
		skip("REINDEX");
		boolean concurrently = isOn(options(), "concurrently");
		Target target = target();
		if (target == null) {
			return null;
		}
		concurrently |= accept("CONCURRENTLY");
		QualifiedName name = name();
		if (name == null && target != Target.DATABASE && target != Target.SYSTEM) {
			return null;
		}
		return new Subject.Reindex(target, name, concurrently);
	}

	private Subject cluster() {
		skip();
		accept("VERBOSE");
		options();
		QualifiedName name = name();
		// In the oldest notation the index comes first.
		QualifiedName table = (name != null && accept("ON")) ? name() : name;
		return (table != null) ? new Subject.Cluster(this.command, table) : new Subject.Maintenance(this.command);
	}

	private @Nullable Target target() {
		for (Target target : Target.values()) {
			if (accept(target.name())) {
				return target;
			}
		}
		return null;
	}

	private @Nullable Subject detachPartition() {
		skip("ALTER");
		skip("TABLE");
		accept("IF", "EXISTS");
		QualifiedName parent = relation();
		if (parent == null || !accept("DETACH", "PARTITION")) {
			return null;
		}
		QualifiedName partition = name();
		if (partition == null) {
			return null;
		}
		Mode mode = accept("CONCURRENTLY") ? Mode.CONCURRENTLY : accept("FINALIZE") ? Mode.FINALIZE : Mode.AT_ONCE;
		return new Subject.DetachPartition(parent, partition, mode);
	}

	private @Nullable Subject addEnumValue() {
		skip("ALTER");
		skip("TYPE");
		QualifiedName type = name();
		if (type == null || !accept("ADD", "VALUE")) {
			return null;
		}
		boolean ifNotExists = accept("IF", "NOT", "EXISTS");
		String value = string();
		return (value != null) ? new Subject.AddEnumValue(type, value, ifNotExists) : null;
	}

	private @Nullable Subject finishPrepared() {
		boolean commit = accept("COMMIT");
		accept("ROLLBACK");
		skip("PREPARED");
		String identifier = string();
		return (identifier != null) ? new Subject.FinishPrepared(commit, identifier) : null;
	}

	private @Nullable Subject createDatabase() {
		skip("CREATE");
		skip("DATABASE");
		String name = identifier();
		return (name != null) ? new Subject.CreateDatabase(name) : null;
	}

	private @Nullable Subject dropDatabase() {
		skip("DROP");
		skip("DATABASE");
		boolean ifExists = accept("IF", "EXISTS");
		String name = identifier();
		return (name != null) ? new Subject.DropDatabase(name, ifExists) : null;
	}

	private @Nullable Subject moveDatabase() {
		skip("ALTER");
		skip("DATABASE");
		String name = identifier();
		if (!accept("SET")) {
			accept("WITH");
		}
		if (name == null || !accept("TABLESPACE")) {
			return null;
		}
		accept('=');
		String tablespace = identifier();
		return (tablespace != null) ? new Subject.MoveDatabase(name, tablespace) : null;
	}

	private @Nullable Subject createTablespace() {
		skip("CREATE");
		skip("TABLESPACE");
		String name = identifier();
		if (accept("OWNER")) {
			identifier();
		}
		if (name == null || !accept("LOCATION")) {
			return null;
		}
		String location = string();
		return (location != null) ? new Subject.CreateTablespace(name, location) : null;
	}

	private @Nullable Subject dropTablespace() {
		skip("DROP");
		skip("TABLESPACE");
		boolean ifExists = accept("IF", "EXISTS");
		String name = identifier();
		return (name != null) ? new Subject.DropTablespace(name, ifExists) : null;
	}

	private @Nullable Subject alterSystem() {
		skip("ALTER");
		skip("SYSTEM");
		boolean reset = accept("RESET");
		if (reset && isAt("ALL")) {
			return new Subject.AlterSystem(null, true);
		}
		if (!reset && !accept("SET")) {
			return null;
		}
		QualifiedName parameter = name();
		if (parameter == null) {
			return null;
		}
		String qualified = (parameter.schema() != null) ? parameter.schema() + "." + parameter.name()
				: parameter.name();
		return new Subject.AlterSystem(qualified.toLowerCase(Locale.ROOT), reset);
	}

	private @Nullable Subject subscription(Action action) {
		skip();
		skip("SUBSCRIPTION");
		accept("IF", "EXISTS");
		String name = identifier();
		return (name != null) ? new Subject.Subscription(action, name) : null;
	}

	private @Nullable Subject alterSubscription() {
		skip("ALTER");
		skip("SUBSCRIPTION");
		String name = identifier();
		if (name == null) {
			return null;
		}
		Action action = accept("REFRESH") ? Action.REFRESH : accept("SET") ? Action.SET : Action.OTHER;
		return new Subject.Subscription(action, name);
	}

	private static boolean isOn(Map<String, String> options, String name) {
		String value = options.get(name);
		return value != null && !FALSE.contains(value);
	}

}
