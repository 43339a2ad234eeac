package dev.tidemark.migration.directive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.tidemark.error.Place;
import dev.tidemark.migration.backfill.BackfillOption;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps {@code docs/reference/directives.md} equal to the words that are known.
 */
class DirectiveReferenceTests {

	private static final Place PLACE = Place.file("directives.md");

	@Test
	void theTableHasExactlyTheWordsThatAreKnown() throws IOException {
		List<Directive> directives = new ArrayList<>();
		Files.readString(Path.of("../docs/reference/directives.md"))
			.lines()
			.filter((line) -> line.startsWith("| `"))
			.map((line) -> line.split("`")[1])
			.forEach((line) -> new DirectiveParser(Vocabulary.OF_HEAD, line, PLACE).parse(directives::add));

		assertThat(directives).extracting(Directive::word)
			.containsOnlyOnceElementsOf(
					List.of("lock-timeout", "depends-on", "only", "irreversible", "nothing-to-undo"))
			.containsAll(Vocabulary.OF_HEAD.words());
	}

	@Test
	void theOptionsOfBackfillsAreAmongThem() {
		for (BackfillOption option : BackfillOption.values()) {
			DirectiveForm form = Vocabulary.OF_HEAD.form(option.toString());

			assertThat(form).isNotNull();
			assertThat(form.takesValue()).isTrue();
			assertThat(form.example().replace("\"", "")).isEqualTo(option + "=" + option.example());
		}
	}

	@Test
	void theExamplesThatErrorsGiveAreDirectives() {
		for (DirectiveForm form : Vocabulary.OF_HEAD.forms()) {
			List<Directive> directives = new ArrayList<>();
			new DirectiveParser(Vocabulary.OF_HEAD, form.example(), PLACE).parse(directives::add);

			assertThat(directives).extracting(Directive::form).containsExactly(form);
		}
	}

}
