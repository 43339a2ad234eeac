package dev.tidemark.autoconfigure;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.GenericConverter;

import dev.tidemark.source.MigrationVersion;

/**
 * Reads {@code tidemark.target}. YAML makes numbers of what looks like one, and a number
 * with a fraction has lost its last zero by then.
 */
final class TargetConverter implements GenericConverter {

	@Override
	public Set<ConvertiblePair> getConvertibleTypes() {
		return Set.of(new ConvertiblePair(String.class, MigrationVersion.class),
				new ConvertiblePair(Number.class, MigrationVersion.class));
	}

	@Override
	public @Nullable Object convert(@Nullable Object source, TypeDescriptor sourceType, TypeDescriptor targetType) {
		if (source instanceof Double || source instanceof Float) {
			throw new IllegalArgumentException("'" + source
					+ "' was read as a number, so that 1.10 and 1.1 cannot be told apart: put the version in quotes");
		}
		String text = String.valueOf(source).strip();
		return text.isEmpty() ? null : MigrationVersion.of(text);
	}

}
