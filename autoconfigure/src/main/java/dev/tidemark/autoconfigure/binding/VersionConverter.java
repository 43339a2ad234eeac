package dev.tidemark.autoconfigure.binding;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.GenericConverter;

import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;

/**
 * Reads versions, and names of migrations that may be versions. YAML makes numbers of
 * what looks like one, and a number with a fraction has lost its last zero by then.
 *
 * @since 0.1.0
 */
public final class VersionConverter implements GenericConverter {

	@Override
	public Set<ConvertiblePair> getConvertibleTypes() {
		return Set.of(new ConvertiblePair(String.class, MigrationVersion.class),
				new ConvertiblePair(Number.class, MigrationVersion.class),
				new ConvertiblePair(String.class, Identity.class), new ConvertiblePair(Number.class, Identity.class));
	}

	@Override
	public @Nullable Object convert(@Nullable Object source, TypeDescriptor sourceType, TypeDescriptor targetType) {
		if (source instanceof Double || source instanceof Float) {
			throw new IllegalArgumentException("'" + source
					+ "' was read as a number, so that 1.10 and 1.1 cannot be told apart: put the version in quotes");
		}
		String text = String.valueOf(source).strip();
		if (text.isEmpty()) {
			return null;
		}
		return (targetType.getType() == Identity.class) ? Identity.of(text) : MigrationVersion.of(text);
	}

}
