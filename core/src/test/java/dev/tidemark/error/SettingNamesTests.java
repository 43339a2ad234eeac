package dev.tidemark.error;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The names of settings in messages.
 */
class SettingNamesTests {

	private static final SettingNames ORDERS = new SettingNames("tidemark.databases.orders.");

	/** What is said for the application as a whole, and what is no setting. */
	private static final String OF_ALL = "mode|resolve|undo|plan|status|background|report|inspection"
			+ "|databases|index|database|timestamp|version";

	private static final Pattern SETTING = Pattern
		.compile("\"(?:[^\"]*[^\\w.\"])?tidemark\\.(?!(?:" + OF_ALL + ")\\b)[a-z]");

	@Test
	void aNameBeginsAsThoseOfTheDatabaseThatIsAtWork() {
		assertThat(SettingNames.name("run.skip")).isEqualTo("tidemark.run.skip");
		assertThat(ORDERS.during(() -> SettingNames.name("run.skip"))).isEqualTo("tidemark.databases.orders.run.skip");
	}

	@Test
	void afterwardsNamesAreWhatTheyWereEvenIfTheWorkFails() {
		String inner = ORDERS.during(() -> {
			assertThatIllegalStateException().isThrownBy(() -> SettingNames.DEFAULT.doing(() -> {
				throw new IllegalStateException(SettingNames.name("run.skip"));
			})).withMessage("tidemark.run.skip");
			return SettingNames.name("run.skip");
		});

		assertThat(inner).isEqualTo("tidemark.databases.orders.run.skip");
		assertThat(SettingNames.name("run.skip")).isEqualTo("tidemark.run.skip");
	}

	@Test
	void theThreadsThatARunStartsNameTheSettingsOfItsDatabase() throws Exception {
		FutureTask<String> task = new FutureTask<>(() -> SettingNames.name("run.skip"));
		ORDERS.doing(() -> new Thread(task).start());

		assertThat(task.get()).isEqualTo("tidemark.databases.orders.run.skip");
	}

	/** What is written out would be another database's setting, or none. */
	@Test
	void noMessageHasTheNameOfASettingOfADatabaseWrittenOut() throws IOException {
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			List<String> found = files.filter((file) -> file.toString().endsWith(".java"))
				// The placeholders tidemark.schema and tidemark.user are no
				// settings.
				.filter((file) -> !file.endsWith("BuiltIns.java"))
				.flatMap(SettingNamesTests::lines)
				.filter((line) -> SETTING.matcher(line).find())
				.toList();

			assertThat(found).satisfiesExactlyInAnyOrder(
					(line) -> assertThat(line).contains("TextReader(FolderIndex.ENCODING"),
					(line) -> assertThat(line).contains("Use one of tidemark.schema, tidemark.version"));
		}
	}

	private static Stream<String> lines(Path file) {
		try {
			return Files.readAllLines(file)
				.stream()
				.map(String::strip)
				.filter((line) -> !line.startsWith("*") && !line.startsWith("/"));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
