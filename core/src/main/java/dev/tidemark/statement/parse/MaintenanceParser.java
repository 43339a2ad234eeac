package dev.tidemark.statement.parse;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.Analyze;
import dev.tidemark.statement.Checkpoint;
import dev.tidemark.statement.Cluster;
import dev.tidemark.statement.RefreshMaterializedView;
import dev.tidemark.statement.Reindex;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.Vacuum;

/**
 * Reads what changes how things are stored and never what they say; used once.
 */
final class MaintenanceParser {

	private final SqlReader sql;

	MaintenanceParser(SqlReader sql) {
		this.sql = sql;
	}

	Statement read() {
		if (this.sql.accept("VACUUM")) {
			return vacuum();
		}
		if (this.sql.acceptAny("ANALYZE", "ANALYSE")) {
			return analyze();
		}
		if (this.sql.accept("CLUSTER")) {
			return cluster();
		}
		if (this.sql.accept("REPACK")) {
			return repack();
		}
		if (this.sql.accept("REINDEX")) {
			return reindex();
		}
		if (this.sql.accept("REFRESH", "MATERIALIZED", "VIEW")) {
			return refresh();
		}
		this.sql.expect("CHECKPOINT");
		this.sql.skipParentheses();
		return new Checkpoint();
	}

	private Statement vacuum() {
		Map<String, String> options = this.sql.options();
		boolean full = SqlReader.isOn(options, "full", false) || this.sql.accept("FULL");
		this.sql.accept("FREEZE");
		this.sql.accept("VERBOSE");
		boolean analyze = SqlReader.isOn(options, "analyze", false) || SqlReader.isOn(options, "analyse", false)
				|| this.sql.acceptAny("ANALYZE", "ANALYSE");
		return new Vacuum(tables(), full, analyze);
	}

	private Statement analyze() {
		this.sql.skipParentheses();
		this.sql.accept("VERBOSE");
		return new Analyze(tables());
	}

	private List<QualifiedName> tables() {
		return this.sql.isAtEnd() ? List.of() : this.sql.list(() -> {
			QualifiedName table = this.sql.requireRelation();
			this.sql.skipParentheses();
			return table;
		});
	}

	private Statement cluster() {
		this.sql.skipParentheses();
		this.sql.accept("VERBOSE");
		this.sql.skipParentheses();
		QualifiedName table = this.sql.name();
		String index = null;
		if (table != null && this.sql.accept("ON")) {
			// In the oldest notation the index comes first.
			index = table.name();
			table = this.sql.requireName();
		}
		else if (table != null && this.sql.accept("USING")) {
			index = this.sql.requireIdentifier();
		}
		return new Cluster(false, table, index, false, false);
	}

	private Statement repack() {
		Map<String, String> options = this.sql.options();
		QualifiedName table = this.sql.isAt("USING") ? null : this.sql.name();
		this.sql.skipParentheses();
		String index = null;
		if (this.sql.accept("USING", "INDEX")) {
			index = this.sql.isAtName() ? this.sql.requireIdentifier() : null;
		}
		boolean analyze = SqlReader.isOn(options, "analyze", false) || SqlReader.isOn(options, "analyse", false);
		return new Cluster(true, table, index, SqlReader.isOn(options, "concurrently", false), analyze);
	}

	private Statement reindex() {
		boolean concurrently = SqlReader.isOn(this.sql.options(), "concurrently", false);
		Reindex.Target target = null;
		for (Reindex.Target one : Reindex.Target.values()) {
			if (this.sql.accept(one.name())) {
				target = one;
				break;
			}
		}
		this.sql.require(target);
		concurrently |= this.sql.accept("CONCURRENTLY");
		@Nullable QualifiedName name = this.sql.name();
		if (name == null && target != Reindex.Target.DATABASE && target != Reindex.Target.SYSTEM) {
			throw this.sql.notUnderstood();
		}
		return new Reindex(this.sql.require(target), name, concurrently);
	}

	private Statement refresh() {
		boolean concurrently = this.sql.accept("CONCURRENTLY");
		QualifiedName name = this.sql.requireName();
		boolean withData = !this.sql.accept("WITH", "NO", "DATA");
		if (withData) {
			this.sql.accept("WITH", "DATA");
		}
		return new RefreshMaterializedView(name, concurrently, withData);
	}

}
