package dev.tidemark.statement.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.SqlBuilder;
import dev.tidemark.statement.TypeName;

/**
 * Reads one type; used once. The names of several words are those of the documentation,
 * table 8.1.
 */
final class TypeReader {

	/** What the catalogue calls the types that SQL calls otherwise. */
	private static final Map<String, String> NAMES = Map.ofEntries(Map.entry("bigint", "int8"),
			Map.entry("boolean", "bool"), Map.entry("char", "bpchar"), Map.entry("character", "bpchar"),
			Map.entry("dec", "numeric"), Map.entry("decimal", "numeric"), Map.entry("int", "int4"),
			Map.entry("integer", "int4"), Map.entry("real", "float4"), Map.entry("smallint", "int2"));

	private final SqlReader sql;

	private final List<String> modifiers = new ArrayList<>();

	private boolean array;

	TypeReader(SqlReader sql) {
		this.sql = sql;
	}

	TypeName read() {
		boolean setOf = this.sql.accept("SETOF");
		int start = this.sql.start();
		QualifiedName name = name();
		dimensions();
		int end = this.sql.start();
		this.sql.backTo(start);
		SqlBuilder text = new SqlBuilder();
		while (!this.sql.isAtEnd() && this.sql.start() < end) {
			this.sql.takeInto(text);
		}
		return new TypeName(text.toString(), name, this.modifiers, this.array, setOf);
	}

	private QualifiedName name() {
		if (!this.sql.isAtWord()) {
			return other();
		}
		switch (this.sql.keyword()) {
			case "DOUBLE" -> {
				return this.sql.accept("DOUBLE", "PRECISION") ? builtIn("float8") : other();
			}
			case "FLOAT" -> {
				this.sql.skip();
				modifiers();
				return builtIn((!this.modifiers.isEmpty() && isSingle(this.modifiers.get(0))) ? "float4" : "float8");
			}
			case "CHARACTER", "CHAR", "NCHAR", "NATIONAL" -> {
				return character();
			}
			case "VARCHAR" -> {
				this.sql.skip();
				modifiers();
				return builtIn("varchar");
			}
			case "BIT" -> {
				this.sql.skip();
				boolean varying = this.sql.accept("VARYING");
				modifiers();
				return builtIn(varying ? "varbit" : "bit");
			}
			case "TIME", "TIMESTAMP" -> {
				return time();
			}
			case "INTERVAL" -> {
				return interval();
			}
			default -> {
				return other();
			}
		}
	}

	private static boolean isSingle(String precision) {
		return precision.length() == 1 || (precision.length() == 2 && precision.compareTo("24") <= 0);
	}

	private QualifiedName character() {
		if (this.sql.accept("NATIONAL")) {
			if (!this.sql.accept("CHARACTER")) {
				this.sql.expect("CHAR");
			}
		}
		else {
			this.sql.skip();
		}
		boolean varying = this.sql.accept("VARYING");
		modifiers();
		return builtIn(varying ? "varchar" : "bpchar");
	}

	private QualifiedName time() {
		String name = this.sql.keyword().toLowerCase(Locale.ROOT);
		this.sql.skip();
		modifiers();
		boolean zone = this.sql.accept("WITH", "TIME", "ZONE");
		if (!zone) {
			this.sql.accept("WITHOUT", "TIME", "ZONE");
		}
		return builtIn(zone ? name + "tz" : name);
	}

	private QualifiedName interval() {
		this.sql.skip();
		modifiers();
		if (this.sql.isAtAny("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")) {
			this.sql.skip();
			modifiers();
			if (this.sql.accept("TO")) {
				this.sql.skip();
				modifiers();
			}
		}
		return builtIn("interval");
	}

	private QualifiedName other() {
		boolean word = this.sql.isAtWord();
		QualifiedName name = this.sql.requireName();
		if (this.sql.accept('%')) {
			this.sql.expect("TYPE");
			return name;
		}
		modifiers();
		String alias = (word && name.schema() == null) ? NAMES.get(name.name()) : null;
		return (alias != null) ? builtIn(alias) : name;
	}

	private static QualifiedName builtIn(String name) {
		return new QualifiedName("pg_catalog", name);
	}

	private void modifiers() {
		if (!this.sql.isAt('(')) {
			return;
		}
		this.sql.skip();
		do {
			SqlBuilder modifier = new SqlBuilder();
			while (!this.sql.isAtEnd() && !this.sql.isAt(',') && !this.sql.isAt(')')) {
				this.sql.readInto(modifier);
			}
			this.modifiers.add(modifier.toString());
		}
		while (this.sql.accept(','));
		this.sql.expect(')');
	}

	private void dimensions() {
		if (this.sql.accept("ARRAY")) {
			this.array = true;
			bound();
			return;
		}
		while (this.sql.isAt('[')) {
			this.array = true;
			bound();
		}
	}

	private void bound() {
		if (this.sql.accept('[')) {
			if (this.sql.isAtNumber()) {
				this.sql.skip();
			}
			this.sql.expect(']');
		}
	}

}
