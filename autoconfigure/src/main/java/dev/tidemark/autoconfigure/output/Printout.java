package dev.tidemark.autoconfigure.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.slf4j.Logger;

import dev.tidemark.autoconfigure.exit.UnusablePropertyException;
import dev.tidemark.autoconfigure.properties.PrintProperties;
import dev.tidemark.error.PlainLogger;

/**
 * Where a start prints what it was asked for: the standard output, or a file. Always in
 * UTF-8, as what reads it need not know the locale of this process.
 *
 * @param what what is printed, as in {@code plan}: the name of the properties
 * @param properties how it is printed
 */
record Printout(String what, PrintProperties properties) {

	private static final Logger logger = PlainLogger.of(Printout.class);

	void print(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		String file = this.properties.file();
		if (file != null) {
			write(file, bytes);
		}
		else {
			System.out.write(bytes, 0, bytes.length);
			System.out.flush();
		}
	}

	private void write(String file, byte[] text) {
		try {
			Files.write(Path.of(file), text);
			logger.info("The {} is in {}", this.what, file);
		}
		catch (IOException | IllegalArgumentException ex) {
			throw new UnusablePropertyException("tidemark." + this.what + ".file", file,
					"the file cannot be written: " + ex.getClass().getSimpleName());
		}
	}

}
