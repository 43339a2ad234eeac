package dev.tidemark.migration.directive;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The words that directives may begin with.
 *
 * @param forms what may follow each of them
 * @since 0.1.0
 */
public record Vocabulary(List<DirectiveForm> forms) {

	/** The words of directives at the head of a file. There are no others yet. */
	public static final Vocabulary OF_HEAD = new Vocabulary(List.of(DirectiveForm.ofValue("transaction", "none"),
			DirectiveForm.ofValue("lock-timeout", "5s"), DirectiveForm.ofValue("placeholders", "off"),
			DirectiveForm.ofValue("depends-on", "active_users"), DirectiveForm.ofValue("only", "prod"),
			DirectiveForm.ofReason("irreversible", "the old numbers are gone"),
			DirectiveForm.ofReason("nothing-to-undo", "only rows were corrected")));

	/** Copies the forms. */
	public Vocabulary {
		forms = List.copyOf(forms);
	}

	/** Returns what may follow a word, or {@code null} if the word is unknown. */
	@Nullable DirectiveForm form(String word) {
		for (DirectiveForm form : this.forms) {
			if (form.word().equals(word)) {
				return form;
			}
		}
		return null;
	}

	/** Returns the words. */
	List<String> words() {
		return this.forms.stream().map(DirectiveForm::word).toList();
	}

}
