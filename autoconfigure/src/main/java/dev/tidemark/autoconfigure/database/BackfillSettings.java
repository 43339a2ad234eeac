package dev.tidemark.autoconfigure.database;

import java.util.EnumMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.autoconfigure.exit.UnusablePropertyException;
import dev.tidemark.autoconfigure.properties.BackfillProperties;
import dev.tidemark.migration.backfill.BackfillOption;
import dev.tidemark.migration.backfill.BackfillOptions;
import dev.tidemark.migration.backfill.Reads;
import dev.tidemark.migration.backfill.UnusableOptionException;

/**
 * The options of backfills that properties set. What a value may be is what it may be in
 * a file.
 */
final class BackfillSettings {

	private final String prefix;

	private final Map<BackfillOption, String> said = new EnumMap<>(BackfillOption.class);

	/**
	 * Reads properties.
	 * @param prefix how they begin
	 * @param properties the properties, or {@code null} if none is set
	 * @param readiness whether this process shows its readiness; one that does not cannot
	 * wait
	 */
	BackfillSettings(String prefix, @Nullable BackfillProperties properties, boolean readiness) {
		this.prefix = prefix + "backfill.";
		if (!readiness) {
			this.said.put(BackfillOption.READS, Reads.FAIL.toString());
		}
		if (properties != null) {
			properties.options().forEach((word, value) -> {
				BackfillOption option = BackfillOption.of(word);
				if (option != null) {
					check(option, value);
					this.said.put(option, value);
				}
			});
		}
	}

	private void check(BackfillOption option, String value) {
		try {
			option.set(BackfillOptions.DEFAULT, value);
		}
		catch (UnusableOptionException ex) {
			throw new UnusablePropertyException(this.prefix + option, value, ex.what() + " " + ex.remedy());
		}
	}

	/**
	 * Returns the options.
	 * @throws UnusablePropertyException if two of them contradict each other
	 */
	BackfillOptions options() {
		try {
			return BackfillOptions.DEFAULT.with(this.said);
		}
		catch (UnusableOptionException ex) {
			throw new UnusablePropertyException(this.prefix + "*", this.said, ex.what() + " " + ex.remedy());
		}
	}

}
