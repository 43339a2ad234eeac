package dev.tidemark.statement;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * What a statement does in words that can be compared: {@code normal-form.cjs} writes the
 * same of what PostgreSQL's own parser understood.
 *
 * @param kind the command
 * @param names the objects that it is about, in order
 * @param actions what it does to them, in order
 * @param flags how it does it, sorted
 */
record NormalForm(String kind, String names, String actions, String flags) {

	/** The kind of what was not understood. */
	static final String UNKNOWN = "UNKNOWN";

	static NormalForm of(Statement statement) {
		return statement.accept(new NormalFormWriter());
	}

	/** Returns the first part in which it differs from another one. */
	String differenceTo(NormalForm other) {
		return !this.kind.equals(other.kind) ? "kind"
				: !this.names.equals(other.names) ? "names" : !this.actions.equals(other.actions) ? "actions" : "flags";
	}

	@Override
	public String toString() {
		return String.join(" | ", this.kind, this.names, this.actions, this.flags);
	}

	static String name(@Nullable QualifiedName name) {
		return (name == null) ? "" : (name.schema() == null) ? name.name() : name.schema() + "." + name.name();
	}

	static String names(Collection<QualifiedName> names) {
		return String.join(",", names.stream().map(NormalForm::name).toList());
	}

	static String roles(Collection<String> roles) {
		return String.join(",", new TreeSet<>(roles.stream().map(NormalForm::role).toList()));
	}

	/** Returns a role that a statement writes as SQL. */
	static String role(String sql) {
		return sql.startsWith("\"") ? sql.substring(1, sql.length() - 1).replace("\"\"", "\"")
				: sql.toLowerCase(Locale.ROOT);
	}

	static String type(@Nullable TypeName type) {
		if (type == null) {
			return "";
		}
		boolean system = "pg_catalog".equals(type.name().schema());
		String name = system ? type.name().name() : name(type.name());
		boolean implied = List.of("interval", "float4", "float8").contains(name)
				|| (List.of("bit", "bpchar").contains(name) && type.modifiers().equals(List.of("1")));
		String modifiers = (type.modifiers().isEmpty() || implied) ? ""
				: "(" + String.join(",", type.modifiers()).replace(" ", "") + ")";
		return name + modifiers + (type.array() ? "[]" : "");
	}

	static String constraint(TableConstraint constraint, boolean ofColumn) {
		String columns = (ofColumn || constraint.kind() == TableConstraint.Kind.EXCLUDE) ? ""
				: String.join(",", constraint.columns());
		Flags flags = new Flags().add("index", constraint.index())
			.add("notValid", !constraint.validated() && constraint.enforced())
			.add("notEnforced", !constraint.enforced())
			.add("deferrable", constraint.deferrable())
			.add("noInherit", constraint.noInherit());
		if (constraint.references() != null) {
			flags.add("references",
					name(constraint.references()) + "(" + String.join(",", constraint.referenced()) + ")");
		}
		String text = constraint.kind() + ":" + ((constraint.name() != null) ? constraint.name() : "") + ":" + columns;
		return flags.behind(text);
	}

	static String column(ColumnDefinition column) {
		StringBuilder text = new StringBuilder(new Flags().add("default", column.defaultValue() != null)
			.add("generated", (column.generated() != null) ? column.generated().name() : null)
			.behind(column.name() + ":" + type(column.type())));
		for (TableConstraint constraint : column.constraints()) {
			text.append(" [").append(constraint(constraint, true)).append(']');
		}
		return text.toString();
	}

	/** Words and values in alphabetical order. */
	static final class Flags {

		private final TreeSet<String> flags = new TreeSet<>();

		Flags add(String flag, boolean is) {
			if (is) {
				this.flags.add(flag);
			}
			return this;
		}

		Flags add(String flag, @Nullable Object value) {
			return add(flag + "=" + value, value != null && !value.toString().isEmpty());
		}

		String behind(String text) {
			return this.flags.isEmpty() ? text : text + " " + String.join(" ", this.flags);
		}

		@Override
		public String toString() {
			return String.join(", ", this.flags);
		}

	}

}
