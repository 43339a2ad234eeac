package dev.tidemark.statement.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.SqlBuilder;
import dev.tidemark.sql.TokenReader;
import dev.tidemark.statement.Expression;
import dev.tidemark.statement.LockMode;
import dev.tidemark.statement.TypeName;

/**
 * The tokens of one statement, and what all parts of the grammar have in common. The
 * readers of its parts share it, so that each goes on where the one before has ended.
 */
final class SqlReader extends TokenReader {

	private static final Set<String> FALSE = Set.of("false", "off", "0", "no");

	private final boolean standardStrings;

	/** How many statements this one is in. */
	private final int depth;

	private boolean elements;

	SqlReader(TokenReader tokens, boolean standardStrings, int depth) {
		super(tokens);
		this.standardStrings = standardStrings;
		this.depth = depth;
	}

	boolean standardStrings() {
		return this.standardStrings;
	}

	int depth() {
		return this.depth;
	}

	/** Hears that the elements of a new schema come, each up to the next one. */
	void beginElements() {
		this.elements = true;
	}

	/** Tells whether the next element of a schema begins, by a word that is reserved. */
	boolean isAtNextElement() {
		return this.elements && isAtAny("CREATE", "GRANT");
	}

	NotUnderstoodException notUnderstood() {
		return new NotUnderstoodException("not understood from offset " + start());
	}

	<T> T require(@Nullable T value) {
		if (value == null) {
			throw notUnderstood();
		}
		return value;
	}

	void expect(String... keywords) {
		for (String keyword : keywords) {
			if (!accept(keyword)) {
				throw notUnderstood();
			}
		}
	}

	void expect(char character) {
		if (!accept(character)) {
			throw notUnderstood();
		}
	}

	boolean isAtAny(String... keywords) {
		for (String keyword : keywords) {
			if (isAt(keyword)) {
				return true;
			}
		}
		return false;
	}

	boolean acceptAny(String... keywords) {
		for (String keyword : keywords) {
			if (accept(keyword)) {
				return true;
			}
		}
		return false;
	}

	/** Reads elements between commas. */
	<T> List<T> list(Supplier<T> element) {
		List<T> elements = new ArrayList<>();
		do {
			elements.add(element.get());
		}
		while (accept(','));
		return elements;
	}

	/** Reads elements between commas and in parentheses. */
	<T> List<T> parenthesised(Supplier<T> element) {
		expect('(');
		List<T> elements = list(element);
		expect(')');
		return elements;
	}

	boolean ifExists() {
		return accept("IF", "EXISTS");
	}

	boolean ifNotExists() {
		return accept("IF", "NOT", "EXISTS");
	}

	boolean cascade() {
		boolean cascade = accept("CASCADE");
		if (!cascade) {
			accept("RESTRICT");
		}
		return cascade;
	}

	String requireIdentifier() {
		return require(identifier());
	}

	QualifiedName requireName() {
		return require(name());
	}

	QualifiedName requireRelation() {
		return require(relation());
	}

	String requireString() {
		return require(string());
	}

	/** A string, or a word or number that stands for one. */
	String value() {
		String string = string();
		if (string != null) {
			return string;
		}
		boolean negative = accept('-');
		if (!negative) {
			accept('+');
		}
		return (negative ? "-" : "") + unsigned();
	}

	private String unsigned() {
		SqlBuilder sql = new SqlBuilder();
		if (isAtName()) {
			return requireIdentifier();
		}
		if (!isAtNumber() && !isAt('.')) {
			throw notUnderstood();
		}
		while (isAtNumber() || isAt('.')) {
			readInto(sql);
		}
		return sql.toString().replace(" ", "");
	}

	/** A role as it is written: it may be one of the words that stand for one. */
	String role() {
		accept("GROUP");
		if (!isAtName()) {
			throw notUnderstood();
		}
		SqlBuilder role = new SqlBuilder();
		takeInto(role);
		return role.toString();
	}

	LockMode lockMode() {
		for (String words : List.of("ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE",
				"SHARE ROW EXCLUSIVE", "SHARE", "EXCLUSIVE", "ACCESS EXCLUSIVE")) {
			if (accept(words.split(" "))) {
				return LockMode.valueOf(words.replace(' ', '_'));
			}
		}
		throw notUnderstood();
	}

	/** Tells whether an option of a list in parentheses is on. */
	static boolean isOn(Map<String, String> options, String name, boolean otherwise) {
		String value = options.get(name);
		return (value != null) ? !FALSE.contains(value) : otherwise;
	}

	/** Passes over all that is left. */
	void skipRest() {
		while (!isAtEnd()) {
			skip();
		}
	}

	TypeName type() {
		return new TypeReader(this).read();
	}

	Expression expression(String... ends) {
		return new ExpressionReader(this).read(Set.of(ends));
	}

	/** An expression in parentheses, which are part of it. */
	Expression enclosedExpression() {
		if (!isAt('(')) {
			throw notUnderstood();
		}
		return new ExpressionReader(this).readEnclosed();
	}

	/** Reads the name of a setting in lower case, with the points in it. */
	String settingName() {
		StringBuilder name = new StringBuilder(word());
		while (accept('.')) {
			name.append('.').append(word());
		}
		return name.toString();
	}

	/** Reads a word in lower case. */
	String word() {
		return requireIdentifier().toLowerCase(Locale.ROOT);
	}

}
