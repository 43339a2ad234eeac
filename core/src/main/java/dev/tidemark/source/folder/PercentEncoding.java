package dev.tidemark.source.folder;

import java.net.MalformedURLException;
import java.nio.charset.StandardCharsets;

import org.springframework.util.StringUtils;

/**
 * How class loaders write the names of files in URLs.
 */
final class PercentEncoding {

	private PercentEncoding() {
	}

	/**
	 * Decodes what is percent-encoded, and nothing else: in these URLs a plus sign is
	 * one, and characters beyond ASCII may stand as they are.
	 */
	static String decode(String text) throws MalformedURLException {
		try {
			return StringUtils.uriDecode(text, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw malformed(text, ex);
		}
	}

	static MalformedURLException malformed(String url, Exception cause) {
		MalformedURLException failure = new MalformedURLException(url);
		failure.initCause(cause);
		return failure;
	}

}
