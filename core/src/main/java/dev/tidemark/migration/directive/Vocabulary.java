package dev.tidemark.migration.directive;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The words that directives may begin with.
 *
 * @param forms what may follow each of them
 * @since 0.1.0
 */
public record Vocabulary(List<DirectiveForm> forms) {

	/** The words of directives at the head of a file. There are no others yet. */
	public static final Vocabulary OF_HEAD = new Vocabulary(ofHead());

	/** Copies the forms. */
	public Vocabulary {
		forms = List.copyOf(forms);
	}

	private static List<DirectiveForm> ofHead() {
		return Stream.of(ofFiles(), ofBackfills()).flatMap(List::stream).toList();
	}

	private static List<DirectiveForm> ofFiles() {
		return List.of(DirectiveForm.ofValue("transaction", "none"), DirectiveForm.ofValue("lock-timeout", "5s"),
				DirectiveForm.ofValue("placeholders", "off"), DirectiveForm.ofValue("depends-on", "active_users"),
				DirectiveForm.ofValue("only", "prod"), DirectiveForm.ofValue("requires", "8"),
				DirectiveForm.ofReason("irreversible", "the old numbers are gone"),
				DirectiveForm.ofReason("nothing-to-undo", "only rows were corrected"));
	}

	/** The options are those of {@code BackfillOption}, with its examples. */
	private static List<DirectiveForm> ofBackfills() {
		return List.of(new DirectiveForm("batch", false, false, List.of("table", "by"), "batch table=users by=id"),
				DirectiveForm.ofText("verify", "email_new IS NOT NULL"), DirectiveForm.ofValue("reads", "later"),
				DirectiveForm.ofValue("start", "manual"), DirectiveForm.ofValue("workers", "4"),
				DirectiveForm.ofValue("size", "1000"), DirectiveForm.ofValue("max-size", "10000"),
				DirectiveForm.ofValue("target", "1s"), DirectiveForm.ofValue("target-under-load", "50ms"),
				DirectiveForm.ofValue("duty", "0.25"), DirectiveForm.ofValue("max-rows-per-second", "5000"),
				DirectiveForm.ofValue("max-wal-per-second", "8MB"),
				DirectiveForm.ofValue("windows", "\"22:00-06:00 Europe/Berlin\""),
				DirectiveForm.ofValue("rollout-pause", "10m"), DirectiveForm.ofValue("attempts", "3"),
				DirectiveForm.ofValue("on-bad-row", "skip"), DirectiveForm.ofValue("max-bad-rows", "10"));
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
