package dev.tidemark.source.folder;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import org.springframework.core.io.InputStreamSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Checksum;

/**
 * Reads the text of files strictly: a byte that does not belong to the encoding is an
 * error, not a question mark in a table, and so is the character 0, which the server
 * cannot hold. Hashing never holds more than a buffer of a file.
 *
 * @since 0.1.0
 */
public final class TextReader {

	private static final Logger logger = PlainLogger.of(TextReader.class);

	private static final int BUFFER = 8192;

	private static final char BYTE_ORDER_MARK = '\uFEFF';

	private static final char ZERO = '\0';

	/** What the decoder makes of bytes that it cannot decode. */
	private static final char REPLACEMENT = '\uFFFD';

	/** Longer files are read piece by piece, so that they are not held as bytes too. */
	private static final int LONGEST_AT_ONCE = 64 * 1024;

	private final Charset encoding;

	private final String setting;

	/**
	 * Makes a reader.
	 * @param encoding the encoding of the files
	 * @param setting where it was set, for those who have to correct it
	 */
	public TextReader(Charset encoding, String setting) {
		this.encoding = encoding;
		this.setting = setting;
	}

	/** Takes the checksum from the index, if that has one for the file as it is. */
	public Checksum checksum(SourceFile file) {
		Checksum indexed = this.encoding.equals(FolderIndex.ENCODING) ? indexed(file) : null;
		if (indexed != null) {
			return indexed;
		}
		logger.debug("Reading {}, which no index knows as it is", file.script());
		return read(file.content(), file.script(), null);
	}

	private static @Nullable Checksum indexed(SourceFile file) {
		try {
			return file.index().checksum();
		}
		catch (IOException ex) {
			// What cannot be read for the index is read again, and told of if it fails.
			return null;
		}
	}

	/** Reads the whole text, without byte-order mark, into the builder. */
	public Checksum read(InputStreamSource content, String script, @Nullable StringBuilder text) {
		try (InputStream in = content.getInputStream()) {
			byte[] bytes = new byte[Math.min(in.available() + 1, LONGEST_AT_ONCE)];
			int length = in.readNBytes(bytes, 0, bytes.length);
			Checksum checksum = (length < bytes.length) ? plain(bytes, length, text) : null;
			if (checksum != null) {
				return checksum;
			}
			InputStream all = new SequenceInputStream(new ByteArrayInputStream(bytes, 0, length), in);
			return read(all, content, script, text);
		}
		catch (CharacterCodingException ex) {
			throw new TidemarkException(wrongEncoding(content, script));
		}
		catch (IOException ex) {
			throw new TidemarkException(unreadable(script, ex), ex);
		}
	}

	/**
	 * Takes the checksum of a text that is valid UTF-8 and needs no normalising, as most
	 * do: it is that of the bytes.
	 * @return the checksum, or {@code null} for any other text
	 */
	private @Nullable Checksum plain(byte[] bytes, int length, @Nullable StringBuilder text) {
		if (!this.encoding.equals(StandardCharsets.UTF_8)) {
			return null;
		}
		String decoded = new String(bytes, 0, length, StandardCharsets.UTF_8);
		if (decoded.indexOf('\r') >= 0 || decoded.indexOf(ZERO) >= 0 || decoded.indexOf(REPLACEMENT) >= 0
				|| decoded.indexOf(BYTE_ORDER_MARK) == 0) {
			return null;
		}
		MessageDigest digest = Checksum.newDigest();
		digest.update(bytes, 0, length);
		if (text != null) {
			text.append(decoded);
		}
		return Checksum.of(digest);
	}

	private Checksum read(InputStream in, InputStreamSource content, String script, @Nullable StringBuilder text)
			throws IOException {
		try (Reader reader = new InputStreamReader(in, newDecoder())) {
			Normalizer normalizer = new Normalizer();
			char[] buffer = new char[BUFFER];
			boolean first = true;
			for (int count = reader.read(buffer); count >= 0; count = reader.read(buffer)) {
				int start = (first && count > 0 && buffer[0] == BYTE_ORDER_MARK) ? 1 : 0;
				first = first && count == 0;
				if (contains(buffer, count, ZERO)) {
					throw new TidemarkException(wrongEncoding(content, script));
				}
				normalizer.add(buffer, start, count);
				if (text != null) {
					text.append(buffer, start, count - start);
				}
			}
			return normalizer.checksum();
		}
	}

	private static boolean contains(char[] buffer, int count, char wanted) {
		for (int i = 0; i < count; i++) {
			if (buffer[i] == wanted) {
				return true;
			}
		}
		return false;
	}

	private CharsetDecoder newDecoder() {
		return this.encoding.newDecoder()
			.onMalformedInput(CodingErrorAction.REPORT)
			.onUnmappableCharacter(CodingErrorAction.REPORT);
	}

	private Problem wrongEncoding(InputStreamSource content, String script) {
		String what = "The file is not valid " + this.encoding.name() + ".";
		try (InputStream in = content.getInputStream()) {
			return wrongEncoding(in.readAllBytes(), script, what);
		}
		catch (IOException ex) {
			return wrongEncoding(Place.file(script), what);
		}
	}

	/** Names what comes first, a byte that cannot be decoded or the character 0. */
	private Problem wrongEncoding(byte[] bytes, String script, String malformed) {
		CharsetDecoder decoder = newDecoder();
		ByteBuffer in = ByteBuffer.wrap(bytes);
		CharBuffer out = CharBuffer.allocate(BUFFER);
		int line = 1;
		int column = 1;
		while (true) {
			CoderResult result = decoder.decode(in, out, true);
			out.flip();
			while (out.hasRemaining()) {
				char c = out.get();
				if (c == ZERO) {
					return wrongEncoding(Place.position(script, line, column),
							"The file holds the character 0, as UTF-16 read as " + this.encoding.name() + " does.");
				}
				line = (c == '\n') ? line + 1 : line;
				column = (c == '\n') ? 1 : column + 1;
			}
			out.clear();
			if (!result.isOverflow()) {
				return wrongEncoding(Place.position(script, line, column), malformed);
			}
		}
	}

	private Problem wrongEncoding(Place place, String what) {
		return Problem.error(ErrorCode.FILE_ENCODING, place, what,
				"Save the file as " + this.encoding.name() + ", or set " + this.setting + " to the encoding it has.");
	}

	static Problem unreadable(String script, IOException ex) {
		return Problem.error(ErrorCode.FILE_UNREADABLE, Place.file(script),
				"The file cannot be read: " + ex.getClass().getSimpleName() + ".",
				"Check that the file exists and that the user of this process may read it.");
	}

	/**
	 * Feeds a digest with the text in UTF-8, every line end as one line feed.
	 */
	private static final class Normalizer {

		private final MessageDigest digest = Checksum.newDigest();

		private char[] chars = new char[BUFFER + 1];

		private int length;

		private boolean afterCarriageReturn;

		void add(char[] buffer, int start, int end) {
			if (this.chars.length < end - start + 1) {
				this.chars = Arrays.copyOf(this.chars, end - start + 1);
			}
			for (int i = start; i < end; i++) {
				char c = buffer[i];
				if (c == '\n' && this.afterCarriageReturn) {
					this.afterCarriageReturn = false;
					continue;
				}
				this.afterCarriageReturn = c == '\r';
				this.chars[this.length++] = this.afterCarriageReturn ? '\n' : c;
			}
			// The first half of a surrogate pair waits for its second one.
			boolean split = this.length > 0 && Character.isHighSurrogate(this.chars[this.length - 1]);
			digest(split ? this.length - 1 : this.length);
			if (split) {
				this.chars[0] = this.chars[this.length - 1];
			}
			this.length = split ? 1 : 0;
		}

		Checksum checksum() {
			digest(this.length);
			return Checksum.of(this.digest);
		}

		private void digest(int count) {
			this.digest.update(StandardCharsets.UTF_8.encode(CharBuffer.wrap(this.chars, 0, count)));
		}

	}

}
