package dev.tidemark.sql;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * Reads which settings of its session a statement speaks of; used once.
 */
final class SettingReader extends StatementReader {

	private static final Set<String> FUNCTIONS = Set.of("set_config", "current_setting");

	/** Types of the server itself: a type of somebody else may run code of theirs. */
	private static final Set<String> TYPES = Set.of("text", "varchar", "name", "bool", "boolean", "int", "integer",
			"bigint", "numeric");

	/** A string in a string in a string may be a function that makes a function. */
	private static final int DEEPEST = 3;

	private SettingReader(String text, int offset, int end, boolean standardStrings) {
		super(text, offset, end, standardStrings);
	}

	/**
	 * Finds the settings that a statement names, in the bodies of its functions and
	 * blocks too.
	 * @return the names in lower case, some of which may be names of other things
	 */
	static Set<String> names(String text, int offset, int end, boolean standardStrings) {
		Set<String> names = new TreeSet<>();
		new SettingReader(text, offset, end, standardStrings).collect(names, 0);
		return names;
	}

	/** Tells whether a statement does nothing but give settings of its session values. */
	static boolean setsOnly(String text, int offset, int end, boolean standardStrings) {
		return new SettingReader(text, offset, end, standardStrings).setsOnly();
	}

	private void collect(Set<String> names, int depth) {
		while (!isAtEnd()) {
			if (accept("SET") || accept("RESET")) {
				skip("SESSION");
				skip("LOCAL");
				add(dottedName(), names);
			}
			else if (lexer().token() == Token.STRING) {
				within(string(), names, depth);
			}
			else if (lexer().token() == Token.WORD || lexer().token() == Token.QUOTED_IDENTIFIER) {
				String name = identifier();
				if (name != null && FUNCTIONS.contains(name) && accept('(')) {
					add(string(), names);
				}
			}
			else {
				lexer().next();
			}
		}
	}

	private static void within(@Nullable String string, Set<String> names, int depth) {
		if (string == null || depth == DEEPEST || !string.toLowerCase(Locale.ROOT).contains("set")) {
			return;
		}
		try {
			new SettingReader(string, 0, string.length(), true).collect(names, depth + 1);
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

	private boolean setsOnly() {
		if (accept("RESET")) {
			return true;
		}
		if (accept("SET")) {
			return !isAt("LOCAL") && !isAt("CONSTRAINTS") && !isAt("TRANSACTION");
		}
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
		boolean harmless = lexer().token() == Token.OPERATOR || lexer().token() == Token.NUMBER
				|| (lexer().token() == Token.WORD && !isAt("FROM"));
		if (!harmless) {
			return false;
		}
		lexer().next();
		if (!accept("FROM") || !acceptCall()) {
			return false;
		}
		acceptAlias();
		return isAtEnd();
	}

	private boolean acceptCall() {
		int start = lexer().start();
		if (accept("PG_CATALOG")) {
			accept('.');
		}
		if (accept("SET_CONFIG") && accept('(')) {
			return acceptArguments();
		}
		lexer().continueAt(start);
		lexer().next();
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
		boolean digits = lexer().token() == Token.NUMBER;
		if (digits) {
			lexer().next();
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
		if (lexer().token() == Token.WORD || lexer().token() == Token.QUOTED_IDENTIFIER) {
			identifier();
		}
	}

}
