package dev.tidemark.migration.directive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.NearestWord;
import dev.tidemark.error.Place;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.PlainText;

/**
 * Reads the directives of one comment, in time proportional to its length; used once.
 * <pre>
 * line      = directive { directive }
 * directive = word [ "=" value ] { value | name "=" value }
 * value     = characters without blank and "=", but for what stands in double quotes;
 *             a quote within is written twice
 * </pre> A quote opens at the start of a value, and behind a point or comma.
 *
 * @since 0.1.0
 */
public final class DirectiveParser {

	private static final int LONGEST_SHOWN = 80;

	private final Vocabulary vocabulary;

	private final String text;

	private final Place place;

	private int position;

	/** What may follow the directive that was begun last. */
	private @Nullable DirectiveForm last;

	/**
	 * Prepares to read.
	 * @param vocabulary the words that are known
	 * @param text what stands behind the colon
	 * @param place where the comment stands
	 */
	public DirectiveParser(Vocabulary vocabulary, String text, Place place) {
		this.vocabulary = vocabulary;
		this.text = text;
		this.place = place;
	}

	/**
	 * Read the directives, at least one.
	 * @param reader takes each in order, before what follows it is read, so that what is
	 * wrong first is told
	 * @throws TidemarkException if a word is unknown, or what follows it is wrong
	 */
	public void parse(Consumer<Directive> reader) {
		skipBlanks();
		do {
			reader.accept(directive());
		}
		while (!isAtEnd());
	}

	private Directive directive() {
		DirectiveForm form = form();
		DirectiveValue value = value(form);
		List<DirectiveValue> arguments = new ArrayList<>();
		Map<String, DirectiveValue> named = new LinkedHashMap<>();
		boolean more = true;
		while (more && !isAtEnd()) {
			more = follow(form, arguments, named);
		}
		return new Directive(form, value, arguments, named, this.place);
	}

	private DirectiveForm form() {
		int start = this.position;
		String word = piece().written();
		if (word.isEmpty() || !isLetter(word.charAt(0))) {
			throw wrong("'" + shortened(this.text.substring(start)) + "' is not a directive.",
					"Write a directive as: -- tidemark: name=value. Other remarks stand on lines of their own.");
		}
		DirectiveForm form = this.vocabulary.form(word);
		if (form == null) {
			throw unknown(word);
		}
		this.last = form;
		return form;
	}

	private @Nullable DirectiveValue value(DirectiveForm form) {
		boolean assigned = acceptEqualsSign();
		if (assigned && !form.takesValue()) {
			throw wrong(
					"The directive '" + form.word() + "' takes "
							+ (form.names().equals(List.of("reason")) ? "its reason, and no value." : "no value."),
					remedy(form));
		}
		if (!form.takesValue()) {
			return null;
		}
		DirectiveValue value = assigned ? assigned(form.word()) : new DirectiveValue("");
		if (value.written().isEmpty()) {
			throw wrong("The directive '" + form.word() + "' lacks its value.", remedy(form));
		}
		return value;
	}

	/**
	 * Reads an argument, or a named value.
	 * @return {@code false} if it is neither, so that the next directive begins here
	 */
	private boolean follow(DirectiveForm form, List<DirectiveValue> arguments, Map<String, DirectiveValue> named) {
		int start = this.position;
		DirectiveValue piece = piece();
		boolean argument = !acceptEqualsSign();
		if (argument && form.takesArguments() && !piece.written().isEmpty()) {
			arguments.add(piece);
			return true;
		}
		if (argument || !form.names().contains(piece.written())) {
			this.position = start;
			return false;
		}
		if (named.put(piece.written(), assigned(piece.written())) != null) {
			throw wrong("The directive '" + form.word() + "' says '" + piece.written() + "' twice.",
					"Remove one of the two.");
		}
		return true;
	}

	/** Reads what follows an equals sign. */
	private DirectiveValue assigned(String name) {
		DirectiveValue value = piece();
		if (value.written().startsWith("'")) {
			throw wrong("The value of '" + name + "' stands in single quotes.", "Put it in double quotes.");
		}
		if (isAtEqualsSign()) {
			throw wrong("The value of '" + name + "' is missing, or has an equals sign in it.",
					"Write the value right behind '" + name + "=', in double quotes if it has an equals sign.");
		}
		skipBlanks();
		return value;
	}

	/** Reads up to a blank or an equals sign, but for those that stand in quotes. */
	private DirectiveValue piece() {
		int start = this.position;
		boolean mayQuote = true;
		while (!isAtEnd() && !isBlank(this.text.charAt(this.position)) && this.text.charAt(this.position) != '=') {
			char c = this.text.charAt(this.position);
			if (c == '"' && mayQuote) {
				skipQuoted();
			}
			else {
				this.position++;
			}
			mayQuote = c == '.' || c == ',';
		}
		return new DirectiveValue(this.text.substring(start, this.position));
	}

	/** Quotes that are doubled do not close. */
	private void skipQuoted() {
		int start = this.position;
		do {
			int quote = this.text.indexOf('"', this.position + 1);
			if (quote < 0) {
				throw wrong("The value that begins with " + shortened(this.text.substring(start))
						+ " lacks its closing quote.", "Close the quote on the same line.");
			}
			this.position = quote + 1;
		}
		while (this.text.startsWith("\"", this.position));
	}

	private boolean acceptEqualsSign() {
		skipBlanks();
		boolean accepted = isAtEqualsSign();
		if (accepted) {
			this.position++;
			skipBlanks();
		}
		return accepted;
	}

	private boolean isAtEqualsSign() {
		return !isAtEnd() && this.text.charAt(this.position) == '=';
	}

	private void skipBlanks() {
		while (!isAtEnd() && isBlank(this.text.charAt(this.position))) {
			this.position++;
		}
	}

	private boolean isAtEnd() {
		return this.position == this.text.length();
	}

	/** What is pasted from elsewhere may have blanks that look like any other. */
	private static boolean isBlank(char c) {
		return Character.isWhitespace(c) || Character.isSpaceChar(c);
	}

	private static boolean isLetter(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	}

	private TidemarkException unknown(String word) {
		List<String> words = this.vocabulary.words();
		List<String> names = (this.last != null) ? this.last.names() : List.of();
		String nearest = NearestWord.of(word, Stream.concat(names.stream(), words.stream()).toList());
		String known = "; this version knows: " + String.join(", ", words);
		if (this.last != null && !names.isEmpty()) {
			known += ", and behind '" + this.last.word() + "': " + String.join(", ", names);
		}
		return wrong("The directive '" + shortened(word) + "' is unknown.",
				((nearest != null) ? "Write '" + nearest + "', if that is meant, or remove the line"
						: "Correct the name or remove the line") + known + ".");
	}

	private static String remedy(DirectiveForm form) {
		return "Write it as: -- tidemark: " + form.example();
	}

	private static String shortened(String text) {
		return PlainText.shortened(text, LONGEST_SHOWN);
	}

	private TidemarkException wrong(String what, String remedy) {
		return Directive.wrong(this.place, what, remedy);
	}

}
