package dev.tidemark.source.folder;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Reads a folder of the class path, which several folders and jars may hold parts of.
 * <p>
 * Spring's resolver takes what it lists for a pattern, and matches URLs of which some are
 * percent-encoded and some are not, so folders and jars are read here. A native image
 * lists what the index names, which the build has put into it; what else there may be is
 * left to Spring.
 *
 * @since 0.1.0
 */
public final class ClassPathFolder {

	private static final String MANIFEST_FOLDER = "META-INF/";

	private static final String MANIFEST = MANIFEST_FOLDER + "MANIFEST.MF";

	/** The protocol of the URLs of files in a native image. */
	private static final String IMAGE = "resource";

	private final ClassLoader classLoader;

	private final String path;

	public ClassPathFolder(ClassLoader classLoader, String path) {
		this.classLoader = classLoader;
		this.path = path;
	}

	public Folder read() throws IOException {
		boolean exists = false;
		List<SourceFile> files = new ArrayList<>();
		Set<String> jars = new LinkedHashSet<>();
		List<URL> others = new ArrayList<>();
		for (URL root : find(this.path + "/")) {
			if (root.getProtocol().equals("file")) {
				Folder folder = Folder.read(toPath(root), this.path);
				exists |= folder.exists();
				files.addAll(folder.files());
				continue;
			}
			exists = true;
			JarFolder jar = JarFolder.of(root, this.path + "/");
			if (jar != null) {
				jars.add(jar.jar());
				files.addAll(jar.files(this.path));
			}
			else {
				others.add(root);
			}
		}
		if (!exists || !others.isEmpty()) {
			List<SourceFile> image = filesOfImage();
			files.addAll(image.isEmpty() ? others(others) : image);
		}
		List<SourceFile> withoutFolder = filesWithoutFolder(jars, !exists);
		files.addAll(withoutFolder);
		return new Folder(exists || !files.isEmpty(), files);
	}

	private List<URL> find(String name) throws IOException {
		return Collections.list(this.classLoader.getResources(name));
	}

	/**
	 * Some tools write jars without entries for their folders, which a class loader finds
	 * no folder in. To list all jars of the class path would cost each start more than
	 * all the rest, so only those are listed that have not even an entry for the folder
	 * of the manifest. Where nothing is found otherwise, each one is.
	 */
	private List<SourceFile> filesWithoutFolder(Set<String> known, boolean all) throws IOException {
		Set<String> jars = jarsWith(MANIFEST);
		jars.removeAll(known);
		if (!all) {
			jars.removeAll(jarsWith(MANIFEST_FOLDER));
		}
		List<SourceFile> files = new ArrayList<>();
		for (String jar : jars) {
			files.addAll(new JarFolder(jar, this.path + "/").files(this.path));
		}
		return files;
	}

	private Set<String> jarsWith(String name) throws IOException {
		Set<String> jars = new LinkedHashSet<>();
		for (URL url : find(name)) {
			JarFolder jar = JarFolder.of(url, name);
			if (jar != null) {
				jars.add(jar.jar());
			}
		}
		return jars;
	}

	/**
	 * Returns the files of a native image. It finds files by their names, but lists none
	 * for sure.
	 */
	private List<SourceFile> filesOfImage() throws IOException {
		String name = this.path + "/" + FolderIndex.NAME;
		FolderIndex index = FolderIndex.NONE;
		for (URL url : find(name)) {
			if (url.getProtocol().equals(IMAGE)) {
				index = index.with(FolderIndex.read(url::openStream, name));
			}
		}
		List<SourceFile> files = new ArrayList<>();
		for (String file : index.paths()) {
			for (URL url : find(this.path + "/" + file)) {
				files.add(fileOfImage(file, url, index));
			}
		}
		return files;
	}

	private SourceFile fileOfImage(String file, URL url, FolderIndex index) {
		return new SourceFile(this.path + "/" + file, url.toString(), url::openStream,
				() -> Folder.lookUp(index, file, url::openStream));
	}

	private List<SourceFile> others(List<URL> roots) throws IOException {
		List<SourceFile> files = new ArrayList<>();
		for (URL root : roots) {
			addOthers(root, files);
		}
		return files;
	}

	private void addOthers(URL root, List<SourceFile> files) throws IOException {
		String rootName = PercentEncoding.decode(root.toString());
		PathMatchingResourcePatternResolver resolver = new PathMatchingResourcePatternResolver(this.classLoader);
		for (Resource file : resolver.getResources(root + "**/*")) {
			String url = file.getURL().toString();
			String name = PercentEncoding.decode(url);
			if (!name.startsWith(rootName)) {
				throw new MalformedURLException(name + " does not lie below " + rootName);
			}
			// Folders are among them, and the URL does not always tell.
			if (!name.endsWith("/") && file.isReadable()) {
				files.add(new SourceFile(this.path + "/" + name.substring(rootName.length()), url, file,
						SourceFile.Indexed.NOT));
			}
		}
	}

	/** Does what the class loader does with the URL of a folder. */
	private static Path toPath(URL url) throws IOException {
		try {
			return new File(PercentEncoding.decode(url.getFile())).toPath();
		}
		catch (InvalidPathException ex) {
			throw PercentEncoding.malformed(url.toString(), ex);
		}
	}

}
