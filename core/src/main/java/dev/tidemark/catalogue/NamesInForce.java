package dev.tidemark.catalogue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.AlterObject;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.CreateIndex;
import dev.tidemark.statement.CreateSchema;
import dev.tidemark.statement.CreateSequence;
import dev.tidemark.statement.CreateTable;
import dev.tidemark.statement.CreateTableAs;
import dev.tidemark.statement.CreateView;
import dev.tidemark.statement.Discard;
import dev.tidemark.statement.DoBlock;
import dev.tidemark.statement.Drop;
import dev.tidemark.statement.ObjectAction;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.Rows;
import dev.tidemark.statement.SetParameter;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.StatementVisitor;
import dev.tidemark.statement.TableAction;

/**
 * What names mean behind the statements of a transaction so far, in the words of the
 * catalogue as it is before them: what they created is not there yet, and what they
 * renamed has another name there.
 */
final class NamesInForce implements StatementVisitor<NamesInForce> {

	private static final String SEARCH_PATH = "search_path";

	/**
	 * Names that do not mean themselves; empty is what is not in the catalogue yet, or
	 * not any more.
	 */
	private final Map<SoughtName, Optional<SoughtName>> relations = new HashMap<>();

	private final Map<String, String> renamedSchemas = new HashMap<>();

	private final Set<String> newSchemas = new HashSet<>();

	/** The search path, or {@code null} if it is not known. */
	private @Nullable SearchPath path = SearchPath.SESSION;

	/** Return whether it can be told what a name means. */
	boolean knows(QualifiedName name) {
		return name.schema() != null || this.path != null;
	}

	/**
	 * Return what to look for.
	 * @return the name in the catalogue, empty if it is not there
	 */
	Optional<SoughtName> relation(QualifiedName name) {
		SearchPath current = this.path;
		if (name.schema() == null && current != null && current.schemas() != null) {
			for (String schema : current.schemas()) {
				Optional<SoughtName> known = this.relations.get(new SoughtName(SearchPath.of(schema), name.name()));
				if (known != null) {
					return known;
				}
			}
		}
		return sought(name).flatMap((sought) -> this.relations.getOrDefault(sought, Optional.of(sought)));
	}

	/** As for a relation, for what is in a schema and not followed. */
	Optional<SoughtName> sought(QualifiedName name) {
		String schema = name.schema();
		if (schema == null) {
			return Optional.ofNullable(this.path).map((known) -> new SoughtName(known, name.name()));
		}
		String before = this.renamedSchemas.getOrDefault(schema, schema);
		return this.newSchemas.contains(before) ? Optional.empty()
				: Optional.of(new SoughtName(SearchPath.of(before), name.name()));
	}

	/** Hears what runs next. */
	void follow(Statement statement) {
		statement.accept(this);
	}

	@Override
	public NamesInForce other(Statement statement) {
		return this;
	}

	@Override
	public NamesInForce visit(CreateTable statement) {
		return created(statement.name(), statement.ifNotExists());
	}

	@Override
	public NamesInForce visit(CreateTableAs statement) {
		return created(statement.name(), statement.ifNotExists());
	}

	@Override
	public NamesInForce visit(CreateView statement) {
		return created(statement.name(), statement.orReplace());
	}

	@Override
	public NamesInForce visit(CreateSequence statement) {
		return created(statement.name(), statement.ifNotExists());
	}

	@Override
	public NamesInForce visit(CreateIndex statement) {
		String name = statement.name();
		return (name != null) ? created(new QualifiedName(statement.table().schema(), name), statement.ifNotExists())
				: this;
	}

	private NamesInForce created(QualifiedName name, boolean maybe) {
		if (!maybe) {
			put(name, Optional.empty());
		}
		return this;
	}

	@Override
	public NamesInForce visit(CreateSchema statement) {
		if (!statement.ifNotExists()) {
			this.newSchemas.add(statement.name());
		}
		return this;
	}

	@Override
	public NamesInForce visit(AlterTable statement) {
		for (TableAction action : statement.actions()) {
			if (action instanceof TableAction.Rename rename) {
				move(statement.name(), new QualifiedName(statement.name().schema(), rename.to()));
			}
			else if (action instanceof TableAction.SetSchema set) {
				move(statement.name(), new QualifiedName(set.schema(), statement.name().name()));
			}
		}
		return this;
	}

	@Override
	public NamesInForce visit(AlterObject statement) {
		if (statement.name() != null && statement.action() instanceof ObjectAction.Rename rename) {
			QualifiedName name = statement.name().name();
			if (statement.kind() == ObjectKind.SCHEMA) {
				this.renamedSchemas.put(rename.to(), this.renamedSchemas.getOrDefault(name.name(), name.name()));
			}
			else if (statement.kind().isRelation()) {
				move(name, new QualifiedName(name.schema(), rename.to()));
			}
		}
		return this;
	}

	private void move(QualifiedName from, QualifiedName to) {
		Optional<SoughtName> meaning = relation(from);
		put(from, Optional.empty());
		put(to, meaning);
	}

	@Override
	public NamesInForce visit(Drop statement) {
		if (statement.kind().isRelation()) {
			statement.names().forEach((name) -> put(name.name(), Optional.empty()));
		}
		return this;
	}

	/** A name without schema goes to the first one of a path that is known. */
	private void put(QualifiedName name, Optional<SoughtName> meaning) {
		sought(name).map(NamesInForce::placed).ifPresent((placed) -> this.relations.put(placed, meaning));
	}

	private static SoughtName placed(SoughtName name) {
		List<String> schemas = name.path().schemas();
		return (schemas == null) ? name : schemas.stream()
			.filter((schema) -> schemas.size() == 1 || !schema.equals("pg_temp") && !schema.equals("pg_catalog"))
			.findFirst()
			.map((schema) -> new SoughtName(SearchPath.of(schema), name.name()))
			.orElse(name);
	}

	@Override
	public NamesInForce visit(SetParameter statement) {
		if (statement.concerns(SEARCH_PATH)) {
			this.path = statement.values().isEmpty() ? null : SearchPath.set(statement.values());
		}
		return this;
	}

	@Override
	public NamesInForce visit(Rows statement) {
		statement.settings().forEach(this::follow);
		return this;
	}

	@Override
	public NamesInForce visit(Discard statement) {
		this.path = statement.what().equals("ALL") ? null : this.path;
		return this;
	}

	@Override
	public NamesInForce visit(DoBlock statement) {
		statement.statements().forEach(this::follow);
		return this;
	}

}
