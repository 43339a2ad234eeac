package dev.tidemark.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class CorpusTests {

	@Test
	void aLongerCorpusBeginsLikeAShorterOne() {
		assertThat(texts(Corpus.generated(30)).subList(0, 20)).isEqualTo(texts(Corpus.generated(20)));
	}

	@Test
	void theHugeFileIsAsBigAsItIsSaidToBe() {
		assertThat(Corpus.huge(1).files().get(0).content().length).isBetween(1024 * 1024, 1024 * 1024 + 1000);
	}

	@Test
	void somebodysFilesComeInTheOrderOfTheirVersions(@TempDir Path directory) throws IOException {
		for (String name : new String[] { "V10__c.sql", "V9__b.sql", "V1.2__a.sql", "R__view.sql", "readme.md" }) {
			Files.writeString(Files.createDirectories(directory.resolve(name.substring(0, 1))).resolve(name), "");
		}

		assertThat(Corpus.directory(directory).files()).extracting(MigrationFile::name)
			.containsExactly("V1.2__a.sql", "V9__b.sql", "V10__c.sql", "R__view.sql");
	}

	private static List<String> texts(Corpus corpus) {
		return corpus.files()
			.stream()
			.map((file) -> file.name() + ": " + new String(file.content(), StandardCharsets.UTF_8))
			.toList();
	}

}
