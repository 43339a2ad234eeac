package dev.tidemark.source.folder;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.InputStreamSource;

import dev.tidemark.migration.Checksum;

/**
 * What a location holds.
 *
 * @param exists whether it exists at all
 * @param files the files; a path that several class path entries have is there several
 * times
 * @param outside what it leads to and must not be read
 * @since 0.1.0
 */
public record Folder(boolean exists, List<SourceFile> files, List<Path> outside) {

	private static final int BUFFER = 8192;

	public Folder(boolean exists, List<SourceFile> files) {
		this(exists, files, List.of());
	}

	/**
	 * Leaves out what is none of ours.
	 * @param exclusions what that is
	 * @param name the name that people know the folder by
	 * @param left takes what is left out
	 * @return the other files
	 */
	public Folder without(Exclusions exclusions, String name, Consumer<SourceFile> left) {
		if (exclusions.isEmpty()) {
			return this;
		}
		List<SourceFile> others = new ArrayList<>();
		for (SourceFile file : this.files) {
			if (exclusions.exclude(file.below(name))) {
				left.accept(file);
			}
			else {
				others.add(file);
			}
		}
		return new Folder(this.exists, others, this.outside);
	}

	/**
	 * Reads a folder of the file system with all its folders.
	 * @param root the folder
	 * @param name the name that people know it by
	 * @return what it holds
	 * @throws IOException if a part of it cannot be read
	 */
	public static Folder read(Path root, String name) throws IOException {
		return read(root, name, Confinement.NONE);
	}

	/**
	 * Reads a folder of the file system with all its folders, as far as they lie where
	 * they may.
	 * @param root the folder
	 * @param name the name that people know it by
	 * @param confinement where all of it has to lie
	 * @return what it holds
	 * @throws IOException if a part of it cannot be read
	 */
	public static Folder read(Path root, String name, Confinement confinement) throws IOException {
		List<SourceFile> files = new ArrayList<>();
		if (!Files.isDirectory(root)) {
			return new Folder(false, files);
		}
		List<Path> paths = new ArrayList<>();
		List<Path> outside = new ArrayList<>();
		Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE,
				new Finder(confinement, paths, outside));
		if (!outside.isEmpty()) {
			return new Folder(true, files, outside);
		}
		Collections.sort(paths);
		Path indexFile = root.resolve(FolderIndex.NAME);
		FolderIndex index = Files.isRegularFile(indexFile)
				? FolderIndex.read(() -> confinement.open(indexFile), name + "/" + FolderIndex.NAME) : FolderIndex.NONE;
		for (Path path : paths) {
			String relative = root.relativize(path).toString().replace(File.separatorChar, '/');
			InputStreamSource content = () -> confinement.open(path);
			files.add(new SourceFile(name + "/" + relative, path.toAbsolutePath().toString(), content,
					() -> lookUp(index, relative, content)));
		}
		return new Folder(true, files);
	}

	/**
	 * Looks up a file whose CRC-32 is not known without reading it. Size and time would
	 * not do: image builders give all files one time, and copies keep an old one.
	 * @param index the index
	 * @param path the path below the folder
	 * @param content the file
	 * @return the checksum, or {@code null} if the index has none for the file as it is
	 * @throws IOException if the file cannot be read
	 */
	static @Nullable Checksum lookUp(FolderIndex index, String path, InputStreamSource content) throws IOException {
		if (index.isEmpty()) {
			return null;
		}
		CRC32 crc = new CRC32();
		long size = 0;
		byte[] buffer = new byte[BUFFER];
		try (InputStream in = content.getInputStream()) {
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				crc.update(buffer, 0, count);
				size += count;
			}
		}
		return index.checksum(path, size, crc.getValue());
	}

	/** Finds files, and what lies outside of where they may. */
	private static final class Finder extends SimpleFileVisitor<Path> {

		private final Confinement confinement;

		private final List<Path> paths;

		private final List<Path> outside;

		Finder(Confinement confinement, List<Path> paths, List<Path> outside) {
			this.confinement = confinement;
			this.paths = paths;
			this.outside = outside;
		}

		@Override
		public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
			if (this.confinement.holds(folder)) {
				return FileVisitResult.CONTINUE;
			}
			this.outside.add(folder);
			return FileVisitResult.SKIP_SUBTREE;
		}

		/** A link that leads nowhere is among them, so that it is told of. */
		@Override
		public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
			(this.confinement.holds(file) ? this.paths : this.outside).add(file);
			return FileVisitResult.CONTINUE;
		}

	}

}
