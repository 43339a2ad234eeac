package dev.tidemark.autoconfigure.code;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;

import dev.tidemark.source.CodeClass;

/**
 * Which migrations and callbacks in Java the packages of an application hold, as they
 * were when it was processed ahead of time. It does not scan packages any more, and in a
 * native image could not.
 *
 * @since 0.1.0
 */
public final class BuiltCode {

	static final String RESOURCE = "META-INF/tidemark/code";

	private BuiltCode() {
	}

	public static void write(List<CodeClass> code, GenerationContext generation) {
		if (code.isEmpty()) {
			return;
		}
		String text = code.stream()
			.map((type) -> type.kind() + " " + type.name() + "\n")
			.sorted()
			.collect(Collectors.joining());
		generation.getRuntimeHints().resources().registerPattern(RESOURCE);
		// The contexts of several tests contribute to one build.
		generation.getGeneratedFiles()
			.handleFile(Kind.RESOURCE, RESOURCE,
					(file) -> file.override(new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8))));
	}

	static List<CodeClass> read(@Nullable ClassLoader classLoader) {
		ClassPathResource resource = new ClassPathResource(RESOURCE, classLoader);
		if (!resource.exists()) {
			return List.of();
		}
		try (InputStream in = resource.getInputStream()) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(BuiltCode::parse).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(RESOURCE + " cannot be read", ex);
		}
	}

	private static CodeClass parse(String line) {
		int blank = line.indexOf(' ');
		return new CodeClass(line.substring(blank + 1), CodeClass.Kind.valueOf(line.substring(0, blank)));
	}

}
