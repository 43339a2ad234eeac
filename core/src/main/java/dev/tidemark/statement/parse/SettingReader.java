package dev.tidemark.statement.parse;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Reads which settings of its session a statement speaks of; used once.
 */
final class SettingReader extends TokenReader {

	private static final String SETS = "set_config";

	private static final Set<String> FUNCTIONS = Set.of(SETS, "current_setting");

	/** Types of the server itself: a type of somebody else may run code of theirs. */
	private static final Set<String> TYPES = Set.of("text", "varchar", "name", "bool", "boolean", "int", "integer",
			"bigint", "numeric");

	/** A string in a string in a string may be a function that makes a function. */
	private static final int DEEPEST = 3;

	/** The functions whose settings are looked for. */
	private final Set<String> functions;

	private SettingReader(TokenReader tokens, Set<String> functions) {
		super(tokens);
		this.functions = functions;
	}

	/**
	 * Finds the settings that a statement names, in the bodies of its functions and
	 * blocks too.
	 * @return the names in lower case, some of which may be names of other things
	 */
	static Set<String> names(SqlStatement statement) {
		return names(statement, FUNCTIONS);
	}

	/**
	 * Finds the settings that a statement may give a value, in the bodies of its
	 * functions and blocks too.
	 * @return the names in lower case, some of which may be names of other things
	 */
	static Set<String> changed(SqlStatement statement) {
		return names(statement, Set.of(SETS));
	}

	private static Set<String> names(SqlStatement statement, Set<String> functions) {
		Set<String> names = new TreeSet<>();
		new SettingReader(statement.tokens(), functions).collect(names, 0);
		return names;
	}

	/** Tells whether a query does nothing but give settings of its session values. */
	static boolean callsOnly(SqlStatement statement) {
		return new SettingReader(statement.tokens(), FUNCTIONS).callsOnly();
	}

	private void collect(Set<String> names, int depth) {
		while (!isAtEnd()) {
			if (accept("SET") || accept("RESET")) {
				skip("SESSION");
				skip("LOCAL");
				add(dottedName(), names);
			}
			else if (isAtString()) {
				within(string(), names, depth);
			}
			else if (isAtName()) {
				String name = identifier();
				if (name != null && this.functions.contains(name) && accept('(')) {
					add(string(), names);
				}
			}
			else {
				skip();
			}
		}
	}

	private void within(@Nullable String string, Set<String> names, int depth) {
		if (string == null || depth == DEEPEST || !string.toLowerCase(Locale.ROOT).contains("set")) {
			return;
		}
		try {
			new SettingReader(new TokenReader(string, 0, string.length(), true), this.functions).collect(names,
					depth + 1);
		}
		catch (SqlSyntaxException ex) {
			// Not all strings hold SQL.
		}
	}

	private static void add(@Nullable String name, Set<String> names) {
		if (name != null) {
			names.add(name.toLowerCase(Locale.ROOT));
		}
	}

	private boolean callsOnly() {
		if (!accept("SELECT")) {
			return false;
		}
		return acceptCall() ? acceptOtherCalls() : acceptFromCall();
	}

	private boolean acceptOtherCalls() {
		acceptAlias();
		while (accept(',')) {
			if (!acceptCall()) {
				return false;
			}
			acceptAlias();
		}
		return isAtEnd();
	}

	/** A call that stands for a table, of which anything harmless is selected. */
	private boolean acceptFromCall() {
		boolean harmless = isAtOperator() || isAtNumber() || (isAtWord() && !isAt("FROM"));
		if (!harmless) {
			return false;
		}
		skip();
		if (!accept("FROM") || !acceptCall()) {
			return false;
		}
		acceptAlias();
		return isAtEnd();
	}

	private boolean acceptCall() {
		int start = start();
		if (accept("PG_CATALOG")) {
			accept('.');
		}
		if (accept("SET_CONFIG") && accept('(')) {
			return acceptArguments();
		}
		backTo(start);
		return false;
	}

	/** What computes an argument may have an effect each time. */
	private boolean acceptArguments() {
		do {
			boolean call = isAt("PG_CATALOG") || isAt("CURRENT_SETTING");
			if (call ? !acceptCurrentSetting() : !acceptConstant()) {
				return false;
			}
		}
		while (accept(','));
		return accept(')');
	}

	private boolean acceptCurrentSetting() {
		if (accept("PG_CATALOG") && !accept('.')) {
			return false;
		}
		return accept("CURRENT_SETTING") && accept('(') && acceptConstant() && (!accept(',') || acceptConstant())
				&& accept(')');
	}

	private boolean acceptConstant() {
		if (accept("CAST")) {
			return accept('(') && acceptLiteral() && accept("AS") && acceptType() && accept(')');
		}
		if (!acceptLiteral()) {
			return false;
		}
		while (accept(':')) {
			if (!accept(':') || !acceptType()) {
				return false;
			}
		}
		return true;
	}

	private boolean acceptLiteral() {
		if (accept("TRUE") || accept("FALSE") || accept("NULL") || string() != null) {
			return true;
		}
		if (!accept('-')) {
			accept('+');
		}
		boolean number = acceptDigits();
		return (accept('.') && acceptDigits()) || number;
	}

	private boolean acceptDigits() {
		boolean digits = isAtNumber();
		if (digits) {
			skip();
		}
		return digits;
	}

	private boolean acceptType() {
		if (accept("PG_CATALOG") && !accept('.')) {
			return false;
		}
		String type = identifier();
		return type != null && TYPES.contains(type);
	}

	private void acceptAlias() {
		skip("AS");
		if (isAtName()) {
			identifier();
		}
	}

}
