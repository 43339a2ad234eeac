package dev.tidemark.migration.directive;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;

/**
 * What one directive says: {@code word=value}, or a word with arguments and named values
 * behind it.
 *
 * @param form the word that it begins with, and what may follow that
 * @param value what the word is set to, or {@code null} if it takes no value
 * @param arguments what follows without a name, in order
 * @param named what follows as {@code name=value}, in order
 * @param place where its comment stands
 * @since 0.1.0
 */
public record Directive(DirectiveForm form, @Nullable DirectiveValue value, List<DirectiveValue> arguments,
		Map<String, DirectiveValue> named, Place place) {

	/** Copies the collections. */
	public Directive {
		arguments = List.copyOf(arguments);
		named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
	}

	/**
	 * Return the word that it begins with.
	 * @return the word
	 */
	public String word() {
		return this.form.word();
	}

	/**
	 * Return what the word is set to, as a word or text.
	 * @return the text, without quotes
	 * @throws TidemarkException if the value is no single word or text
	 * @throws IllegalStateException if the directive takes no value
	 */
	public String text() {
		return text(word(), requireValue());
	}

	/**
	 * Return what the word is set to, as a list of words or texts.
	 * @return the items without quotes and the blanks around them, at least one; commas
	 * part them in quotes, too
	 * @throws TidemarkException if one of them is no single word or text
	 * @throws IllegalStateException if the directive takes no value
	 */
	public List<String> list() {
		List<String> list = new ArrayList<>();
		for (DirectiveValue item : requireValue().items()) {
			for (String text : text(word(), item).split(",", -1)) {
				list.add(text.strip());
			}
		}
		return list;
	}

	private DirectiveValue requireValue() {
		if (this.value == null) {
			throw new IllegalStateException("'" + word() + "' takes no value");
		}
		return this.value;
	}

	/**
	 * Return a named value, as a word or text.
	 * @param name the name
	 * @return the text without quotes, or {@code null} if the directive does not say it
	 * @throws TidemarkException if the value is no single word or text
	 */
	public @Nullable String text(String name) {
		DirectiveValue named = this.named.get(name);
		return (named != null) ? text(name, named) : null;
	}

	private String text(String name, DirectiveValue written) {
		String text = written.text();
		if (text == null) {
			throw wrong("The value of '" + name + "' goes on behind its closing quote: " + written + ".",
					"Put all of it between one pair of double quotes; a quote within is written twice.");
		}
		return text;
	}

	/**
	 * Make an exception that says what is wrong with the directive.
	 * @param what what is wrong
	 * @param remedy what to do about it
	 * @return the exception, to be thrown
	 */
	public TidemarkException wrong(String what, String remedy) {
		return wrong(this.place, what, remedy);
	}

	static TidemarkException wrong(Place place, String what, String remedy) {
		return new TidemarkException(Problem.error(ErrorCode.DIRECTIVE, place, what, remedy));
	}

}
