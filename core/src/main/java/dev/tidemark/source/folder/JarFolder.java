package dev.tidemark.source.folder;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Checksum;

/**
 * A folder in a jar, perhaps a nested one.
 *
 * @param jar the URL of the jar's root, ending with {@code !/}
 * @param folder the name of the folder's entry, ending with {@code /}, whether or not the
 * jar has that entry
 */
record JarFolder(String jar, String folder) {

	private static final String SEPARATOR = "!/";

	private static final String FILE_PREFIX = "jar:file:";

	/**
	 * Splits the URL that a class loader returned.
	 * @param url the URL
	 * @param name the name that the class loader was asked for
	 * @return the folder, or {@code null} if it lies in no jar that Java can list
	 */
	static @Nullable JarFolder of(URL url, String name) throws IOException {
		if (!(url.openConnection() instanceof JarURLConnection)) {
			return null;
		}
		// Both the jar's path and the name may hold a separator. The entry may be longer
		// than the name: a jar may have one for each release of Java.
		String text = url.toString();
		for (int at = text.lastIndexOf(SEPARATOR); at >= 0; at = text.lastIndexOf(SEPARATOR, at - 1)) {
			String entry = PercentEncoding.decode(text.substring(at + SEPARATOR.length()));
			if (entry.endsWith(name)) {
				return new JarFolder(escaped(text.substring(0, at)) + SEPARATOR, entry);
			}
		}
		return null;
	}

	/** Java takes the first separator for the one before the entry. */
	private static String escaped(String jar) {
		return jar.startsWith(FILE_PREFIX) ? jar.replace("!", "%21") : jar;
	}

	/**
	 * Lists the files in the folder and in those below it. What is known of each comes
	 * from the directory of the jar, so no file is read.
	 * @param name the name that people know the folder by
	 * @return the files
	 */
	List<SourceFile> files(String name) throws IOException {
		JarURLConnection connection = (JarURLConnection) new URL(this.jar).openConnection();
		JarFile file = connection.getJarFile();
		try {
			FolderIndex index = index(file);
			List<SourceFile> files = new ArrayList<>();
			for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements();) {
				JarEntry entry = entries.nextElement();
				String path = entry.getName();
				if (path.startsWith(this.folder) && !path.endsWith("/")) {
					files.add(file(name, path, index, entry));
				}
			}
			return files;
		}
		finally {
			if (!connection.getUseCaches()) {
				file.close();
			}
		}
	}

	private FolderIndex index(JarFile file) {
		ZipEntry entry = file.getEntry(this.folder + FolderIndex.NAME);
		return (entry != null) ? FolderIndex.read(() -> file.getInputStream(entry), this.jar + entry.getName())
				: FolderIndex.NONE;
	}

	private SourceFile file(String name, String path, FolderIndex index, ZipEntry entry) {
		String relative = path.substring(this.folder.length());
		Checksum checksum = index.checksum(relative, entry.getSize(), entry.getCrc());
		return new SourceFile(name + "/" + relative, this.jar + path,
				() -> new URL(this.jar + encode(path)).openStream(), () -> checksum);
	}

	private static String encode(String entry) throws MalformedURLException {
		try {
			return new URI(null, null, "/" + entry, null).getRawPath().substring(1).replace("!", "%21");
		}
		catch (URISyntaxException ex) {
			throw new MalformedURLException(entry);
		}
	}

}
