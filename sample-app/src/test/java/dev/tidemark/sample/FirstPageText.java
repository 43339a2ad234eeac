package dev.tidemark.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

import org.springframework.web.util.HtmlUtils;

/** What the first page tells its readers to do. */
final class FirstPageText {

	private static final Pattern LINK = Pattern.compile("<a href=\"([^\"]+)\">");

	private static final Pattern COMMAND = Pattern.compile("<pre>([^<]+)</pre>");

	private final String html;

	private FirstPageText(String html) {
		this.html = html;
	}

	static FirstPageText of(String html) {
		return new FirstPageText(html);
	}

	static FirstPageText ofTheJar() {
		try (InputStream in = FirstPageText.class.getResourceAsStream("/static/index.html")) {
			return new FirstPageText(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	List<String> links() {
		return all(LINK);
	}

	List<String> commands() {
		return all(COMMAND);
	}

	private List<String> all(Pattern pattern) {
		return pattern.matcher(this.html).results().map((found) -> HtmlUtils.htmlUnescape(found.group(1))).toList();
	}

}
