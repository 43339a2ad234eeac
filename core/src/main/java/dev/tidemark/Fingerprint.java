package dev.tidemark;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Checksum;
import dev.tidemark.source.Sources;

/**
 * Stands for everything that decides what migrations make of an empty database.
 */
final class Fingerprint {

	/** Stands for code that nothing tells from other code. */
	static final String THIS_PROCESS = UUID.randomUUID().toString();

	private Fingerprint() {
	}

	/** Computes it from the files, and the settings that leave a mark. */
	static String of(Sources sources, List<@Nullable Object> settings) {
		List<Problem> errors = sources.problems().stream().filter(Problem::isError).toList();
		if (!errors.isEmpty()) {
			throw new TidemarkException(errors);
		}
		List<String> texts = new ArrayList<>();
		texts.add(String.valueOf(Fingerprint.class.getPackage().getImplementationVersion()));
		settings.forEach((setting) -> texts.add(String.valueOf(setting)));
		sources.migrations()
			.forEach((migration) -> texts.addAll(List.of(migration.identity().inWords(), migration.description(),
					migration.script(), text(migration.checksum()))));
		sources.callbacks()
			.forEach((callback) -> texts
				.addAll(List.of(callback.event().toString(), callback.script(), callback.checksum().value())));
		return Checksum.of(texts).value();
	}

	private static String text(@Nullable Checksum checksum) {
		return (checksum != null) ? checksum.value() : THIS_PROCESS;
	}

}
