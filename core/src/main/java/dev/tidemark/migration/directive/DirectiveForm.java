package dev.tidemark.migration.directive;

import java.util.List;

/**
 * What may follow the word of a directive. A word with arguments takes all that follows
 * it on its line; any other ends where the next word begins.
 *
 * @param word the word
 * @param takesValue whether it is {@code word=value}
 * @param takesArguments whether words, names and texts follow it
 * @param names what may follow it as {@code name=value}
 * @param example how it is written
 * @since 0.1.0
 */
public record DirectiveForm(String word, boolean takesValue, boolean takesArguments, List<String> names,
		String example) {

	/** Copies the names. */
	public DirectiveForm {
		names = List.copyOf(names);
	}

	/** Returns the form of a directive that is set to a value. */
	static DirectiveForm ofValue(String word, String example) {
		return new DirectiveForm(word, true, false, List.of(), word + "=" + example);
	}

	/** Returns the form of a directive behind which a text stands. */
	static DirectiveForm ofText(String word, String example) {
		return new DirectiveForm(word, false, true, List.of(), word + " \"" + example + "\"");
	}

	/** Returns the form of a directive that tells its reason. */
	static DirectiveForm ofReason(String word, String example) {
		return new DirectiveForm(word, false, false, List.of("reason"), word + " reason=\"" + example + "\"");
	}

}
