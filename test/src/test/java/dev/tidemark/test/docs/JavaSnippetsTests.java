package dev.tidemark.test.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compiles what readers copy from the pages.
 */
class JavaSnippetsTests {

	private static final Path ROOT = Path.of("..");

	@TempDir
	private Path classes;

	@Test
	void everyPieceOfJavaOnThePagesCompiles() throws IOException {
		List<JavaSnippet> snippets = new ArrayList<>();
		for (Path page : pages()) {
			snippets.addAll(JavaSnippet.of(ROOT.relativize(page).toString(), Files.readString(page), snippets.size()));
		}
		assertThat(snippets).hasSizeGreaterThan(10);
		assertThat(errors(snippets)).isEmpty();
	}

	@Test
	void aMissingImportIsAnErrorOfThatLineOfThePage() {
		String page = """
				# Page

				```java
				class Copied {

					List<String> names;

				}
				```
				""";
		assertThat(errors(JavaSnippet.of("page.md", page, 0))).singleElement()
			.asString()
			.startsWith("page.md:6 cannot find symbol");
	}

	@Test
	void aFragmentStandsInWhatTheCommentAboveItSays() {
		String page = """
				<!-- java: class Snippet { void run(String text) { … } } -->
				```java
				import java.util.List;

				List<String> names = List.of(text);
				names.none();
				```
				""";
		assertThat(errors(JavaSnippet.of("page.md", page, 0))).singleElement()
			.asString()
			.startsWith("page.md:6 cannot find symbol");
	}

	private List<String> errors(List<JavaSnippet> snippets) {
		DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		compiler
			.getTask(null, null, found, List.of("-proc:none", "-classpath", System.getProperty("java.class.path"), "-d",
					this.classes.toString()), null, snippets)
			.call();
		return found.getDiagnostics()
			.stream()
			.filter((diagnostic) -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
			.map(JavaSnippetsTests::told)
			.toList();
	}

	private static String told(Diagnostic<? extends JavaFileObject> diagnostic) {
		String place = (diagnostic.getSource() instanceof JavaSnippet snippet)
				? snippet.place(diagnostic.getLineNumber()) : "";
		return place + " " + diagnostic.getMessage(Locale.ROOT);
	}

	private static List<Path> pages() throws IOException {
		try (Stream<Path> pages = Stream.concat(Stream.of(ROOT.resolve("README.md")),
				Files.walk(ROOT.resolve("docs")))) {
			return pages.filter((path) -> path.toString().endsWith(".md")).sorted().toList();
		}
	}

}
