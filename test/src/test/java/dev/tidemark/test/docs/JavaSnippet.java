package dev.tidemark.test.docs;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.tools.SimpleJavaFileObject;

/**
 * A piece of Java on a page, with the imports that a reader copies. What is no whole file
 * has a comment above it that the reader does not see, with what stands around it in the
 * place of "…". A line of the source is a line of the page.
 */
final class JavaSnippet extends SimpleJavaFileObject {

	private static final Pattern SNIPPET = Pattern
		.compile("(?ms)(?:^<!-- java: ([^\\n]*) -->\\n)?^```java\\n(.*?)^```$");

	private static final Pattern IMPORTS = Pattern.compile("(?:import [^\\n]*;\\n+)*");

	private static final String REST = "…";

	private final String page;

	private final int line;

	private final String source;

	private JavaSnippet(String page, int line, int number, String source) {
		super(URI.create("string:///snippet" + number + "/Snippet.java"), Kind.SOURCE);
		this.page = page;
		this.line = line;
		this.source = "package snippet" + number + "; " + source;
	}

	/**
	 * Returns the snippets of a page.
	 * @param page the name of the page
	 * @param text its text
	 * @param first the number of its first snippet
	 */
	static List<JavaSnippet> of(String page, String text, int first) {
		List<JavaSnippet> snippets = new ArrayList<>();
		SNIPPET.matcher(text).results().forEach((MatchResult match) -> {
			int line = (int) text.substring(0, match.start(2)).lines().count();
			String around = (match.group(1) != null) ? match.group(1) : REST;
			snippets.add(new JavaSnippet(page, line, first + snippets.size(), within(around, match.group(2))));
		});
		return snippets;
	}

	/** What stands in front of the rest stands behind the imports, and on their line. */
	private static String within(String around, String code) {
		int rest = around.indexOf(REST);
		Matcher imports = IMPORTS.matcher(code);
		int end = imports.lookingAt() ? imports.end() : 0;
		return code.substring(0, end) + around.substring(0, rest) + code.substring(end)
				+ around.substring(rest + REST.length());
	}

	/** Returns where a line of the source stands on the page. */
	String place(long sourceLine) {
		return this.page + ":" + (this.line + sourceLine);
	}

	@Override
	public CharSequence getCharContent(boolean ignoreEncodingErrors) {
		return this.source;
	}

}
