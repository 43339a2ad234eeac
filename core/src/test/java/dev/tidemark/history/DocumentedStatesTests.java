package dev.tidemark.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds what the pages say of states to what the code does with them.
 */
class DocumentedStatesTests {

	private static final Path DOCS = Path.of("..", "docs");

	private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| (.*) \\|$");

	private static final Pattern RESERVED = Pattern.compile("Reserved, and reached by none yet: (.*)\\.");

	private static final Pattern NAME = Pattern.compile("`([a-z-]+)`");

	@Test
	void theStatesThatNoMigrationReachesAreReserved() throws IOException {
		String page = Files.readString(DOCS.resolve("concepts/history.md"));
		Set<String> reserved = ROW.matcher(page.substring(page.indexOf("## States")))
			.results()
			.filter((row) -> row.group(2).startsWith("reserved: "))
			.map((row) -> row.group(1))
			.collect(Collectors.toSet());
		assertThat(reserved).isEqualTo(unreached());
	}

	@Test
	void theEndpointNamesThemToo() throws IOException {
		Set<String> reserved = RESERVED.matcher(Files.readString(DOCS.resolve("reference/endpoint.md")))
			.results()
			.flatMap((sentence) -> NAME.matcher(sentence.group(1)).results())
			.map((name) -> name.group(1))
			.collect(Collectors.toSet());
		assertThat(reserved).isEqualTo(unreached());
	}

	/** Whoever puts a migration into a state has to name it. */
	private static Set<String> unreached() {
		JavaClasses classes = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
			.importPackages("dev.tidemark");
		Set<String> named = classes.get(MigrationState.class)
			.getFields()
			.stream()
			.filter((field) -> field.getAccessesToSelf().stream().anyMatch(DocumentedStatesTests::isByOthers))
			.map(JavaField::getName)
			.collect(Collectors.toSet());
		return Arrays.stream(MigrationState.values())
			.filter((state) -> !named.contains(state.name()))
			.map(MigrationState::toString)
			.collect(Collectors.toSet());
	}

	/** A switch has all of them in a class of its own, and reaches none. */
	private static boolean isByOthers(JavaAccess<?> access) {
		return !access.getOriginOwner().isEquivalentTo(MigrationState.class)
				&& !access.getOriginOwner().getName().matches(".*\\$\\d+");
	}

}
