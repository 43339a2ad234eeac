package dev.tidemark.catalogue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.ServerError;
import dev.tidemark.plan.step.Segment;
import dev.tidemark.plan.step.Step;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.StringLiteral;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.Cluster;
import dev.tidemark.statement.CreateIndex;
import dev.tidemark.statement.CreateTable;
import dev.tidemark.statement.Reindex;
import dev.tidemark.statement.Reindex.Target;
import dev.tidemark.statement.parse.Statements;

/**
 * Finds the statements of which only the catalogue tells that the server refuses them in
 * a transaction: {@code REINDEX} and {@code CLUSTER} of what is partitioned go through
 * the partitions, and commit each.
 *
 * @since 0.1.0
 */
public final class PartitionedTables {

	/** Until then no partitioned table can be clustered, in whatever way. */
	private static final int FIRST_THAT_CLUSTERS = 15;

	private static final Logger logger = PlainLogger.of(PartitionedTables.class);

	private final Connection connection;

	private final @Nullable String schema;

	/** Tables, and their indexes, that the file itself makes. */
	private final List<QualifiedName> made = new ArrayList<>();

	private PartitionedTables(Connection connection, @Nullable String schema) {
		this.connection = connection;
		this.schema = schema;
	}

	/**
	 * Takes such statements out of the transactions of a step. Those before and behind
	 * them have transactions of their own then.
	 * @param connection a connection in auto-commit mode
	 * @param schema the default schema of migrations, where the search path of the
	 * connection may not be theirs
	 * @param step the step, as its text tells how to cut it
	 * @return the step as it can run
	 */
	public static Step apart(Connection connection, @Nullable String schema, Step step) {
		PartitionedTables tables = new PartitionedTables(connection, schema);
		Set<SqlStatement> refused = new HashSet<>();
		for (SqlStatement statement : step.done()) {
			tables.remember(statement);
		}
		for (Segment segment : step.segments()) {
			for (SqlStatement statement : segment.statements()) {
				if (segment.isInTransaction() && tables.isRefused(statement)) {
					refused.add(statement);
				}
				tables.remember(statement);
			}
		}
		return refused.isEmpty() ? step : step.withAlone(refused);
	}

	private void remember(SqlStatement sql) {
		dev.tidemark.statement.Statement statement = Statements.of(sql);
		if (statement instanceof CreateTable table && table.partitionKey() != null) {
			this.made.add(table.name());
		}
		else if (statement instanceof CreateIndex index && !index.concurrently() && index.name() != null
				&& isMade(index.table())) {
			this.made.add(new QualifiedName(index.table().schema(), index.name()));
		}
	}

	private boolean isRefused(SqlStatement sql) {
		dev.tidemark.statement.Statement statement = Statements.of(sql);
		if (statement instanceof Reindex reindex) {
			return reindex.name() != null && (reindex.target() == Target.TABLE || reindex.target() == Target.INDEX)
					&& isPartitioned(reindex.name());
		}
		return statement instanceof Cluster cluster && cluster.table() != null && isPartitioned(cluster.table())
				&& clustersPartitions();
	}

	private boolean isPartitioned(QualifiedName name) {
		return isMade(name) || isInCatalogue(name);
	}

	private boolean isMade(QualifiedName name) {
		return this.made.stream()
			.anyMatch((table) -> table.name().equals(name.name())
					&& (table.schema() == null || name.schema() == null || table.schema().equals(name.schema())));
	}

	private boolean isInCatalogue(QualifiedName name) {
		String found = "pg_catalog.to_regclass(" + StringLiteral.quote(name.quoted()) + ")";
		if (name.schema() == null && this.schema != null) {
			found = "COALESCE(" + found + ", pg_catalog.to_regclass("
					+ StringLiteral.quote(new QualifiedName(this.schema, name.name()).quoted()) + "))";
		}
		return isTrue("SELECT c.relkind = ANY ('{p,I}'::pg_catalog.\"char\"[]) FROM pg_catalog.pg_class AS c"
				+ " WHERE c.oid = " + found + "::pg_catalog.oid");
	}

	private boolean clustersPartitions() {
		try {
			return this.connection.getMetaData().getDatabaseMajorVersion() >= FIRST_THAT_CLUSTERS;
		}
		catch (SQLException ex) {
			return notKnown(ex);
		}
	}

	private boolean isTrue(String query) {
		try (Statement statement = this.connection.createStatement();
				ResultSet results = statement.executeQuery(Operators.qualified(query))) {
			return results.next() && results.getBoolean(1);
		}
		catch (SQLException ex) {
			return notKnown(ex);
		}
	}

	/** The statement itself meets what is wrong, and says so with its place. */
	private static boolean notKnown(SQLException ex) {
		logger.debug("Whether a table is partitioned could not be read: {}", ServerError.of(ex));
		return false;
	}

}
