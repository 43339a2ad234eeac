package dev.tidemark;

import org.jspecify.annotations.Nullable;

import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.Sources;

/**
 * The files of migrations: as they are now, and as they were when they were read last.
 */
final class LastSources {

	private final MigrationSource source;

	private volatile @Nullable Sources last;

	LastSources(MigrationSource source) {
		this(source, null);
	}

	private LastSources(MigrationSource source, @Nullable Sources last) {
		this.source = source;
		this.last = last;
	}

	/** Returns the same files, of which none was read yet. */
	LastSources unread() {
		return new LastSources(this.source);
	}

	/** Returns the same files as they were read last, to be read again by itself. */
	LastSources copy() {
		return new LastSources(this.source, this.last);
	}

	/** Reads the files. */
	Sources read() {
		Sources sources = this.source.read();
		this.last = sources;
		return sources;
	}

	/** Reads the files for somebody who wants no one to know. */
	Sources look() {
		return this.source.read();
	}

	/** Returns the files of the last run, or if none was made, as they are now. */
	Sources last() {
		Sources sources = this.last;
		return (sources != null) ? sources : read();
	}

}
