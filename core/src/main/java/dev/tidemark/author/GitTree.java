package dev.tidemark.author;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.tidemark.source.folder.Folder;
import dev.tidemark.source.folder.SourceFile;

/**
 * All files of a commit. Links are followed as the file system follows them, so that a
 * file is what a working tree would have shown.
 */
final class GitTree {

	private static final int MOST_LINKS = 40;

	private static final String LINK = "120000";

	private static final String OTHER_REPOSITORY = "160000";

	private final Git git;

	private final NavigableMap<String, Entry> entries = new TreeMap<>();

	private final Map<String, byte[]> links;

	/**
	 * Reads the tree of a commit.
	 * @param git reads the files
	 * @param commit the commit
	 */
	GitTree(Git git, String commit) {
		this.git = git;
		for (String line : git.listing(commit).split("\0")) {
			int tab = line.indexOf('\t');
			if (tab > 0) {
				String[] words = line.substring(0, tab).split(" ");
				this.entries.put(line.substring(tab + 1), new Entry(words[0], words[2]));
			}
		}
		this.links = git.blobs(
				this.entries.values().stream().filter((entry) -> LINK.equals(entry.mode)).map(Entry::object).toList());
	}

	/** Returns the paths of all files. */
	Stream<String> paths() {
		return this.entries.keySet().stream();
	}

	/**
	 * Reads a folder with all its folders.
	 * @param path its path in the repository, empty for its root
	 * @param name the name that people know it by
	 * @param wanted tells by their paths which files are wanted
	 * @return what it holds
	 */
	Folder read(String path, String name, Predicate<String> wanted) {
		List<Found> found = new ArrayList<>();
		String real = resolve(path);
		if (!isFolder(real)) {
			return new Folder(false, List.of());
		}
		walk(real, name, wanted, found, new HashSet<>());
		Map<String, byte[]> contents = this.git.blobs(found.stream().map(Found::object).toList());
		return new Folder(true, found.stream().map((file) -> {
			byte[] content = contents.get(file.object());
			return new SourceFile(file.script(), file.script(), () -> new ByteArrayInputStream(content),
					SourceFile.Indexed.NOT);
		}).toList());
	}

	private void walk(String folder, String name, Predicate<String> wanted, List<Found> found, Set<String> above) {
		if (!above.add(folder)) {
			return;
		}
		String beginning = folder.isEmpty() ? "" : folder + "/";
		for (Map.Entry<String, Entry> file : this.entries.tailMap(beginning).entrySet()) {
			String path = file.getKey();
			if (!path.startsWith(beginning)) {
				break;
			}
			String script = name + "/" + path.substring(beginning.length());
			if (OTHER_REPOSITORY.equals(file.getValue().mode())) {
				throw this.git.unknown("'" + path + "' is another repository, a submodule.",
						"Compare the folder in it by itself.");
			}
			if (!wanted.test(path)) {
				continue;
			}
			String real = LINK.equals(file.getValue().mode()) ? resolve(path) : path;
			Entry entry = this.entries.get(real);
			if (entry != null) {
				found.add(new Found(script, entry.object()));
			}
			else if (isFolder(real)) {
				walk(real, script, wanted, found, above);
			}
		}
		above.remove(folder);
	}

	private boolean isFolder(String path) {
		String first = this.entries.ceilingKey(path + "/");
		return path.isEmpty() || (first != null && first.startsWith(path + "/"));
	}

	/** Returns where a path really leads to. */
	private String resolve(String path) {
		Deque<String> rest = new ArrayDeque<>(List.of(path.split("/")));
		Deque<String> done = new ArrayDeque<>();
		int followed = 0;
		while (!rest.isEmpty()) {
			String step = rest.pop();
			if (step.equals("..")) {
				if (done.pollLast() == null) {
					throw outside(path);
				}
			}
			else if (!step.isEmpty() && !step.equals(".")) {
				done.add(step);
				Entry entry = this.entries.get(String.join("/", done));
				if (entry != null && LINK.equals(entry.mode())) {
					done.removeLast();
					follow(path, entry, rest, ++followed);
				}
			}
		}
		return String.join("/", done);
	}

	private void follow(String path, Entry link, Deque<String> rest, int followed) {
		String target = new String(this.links.get(link.object()), StandardCharsets.UTF_8);
		if (target.startsWith("/")) {
			throw outside(path);
		}
		if (followed > MOST_LINKS) {
			throw this.git.unknown("The link '" + path + "' leads in a circle.", "Correct the link, and commit it.");
		}
		List<String> steps = new ArrayList<>(List.of(target.split("/")));
		Collections.reverse(steps);
		steps.forEach(rest::push);
	}

	private RuntimeException outside(String path) {
		return this.git.unknown(
				"The link '" + path + "' leads out of the repository, so git does not know what it held.",
				"Replace the link by a file, or compare with a list of what is released.");
	}

	/**
	 * A file of the commit.
	 *
	 * @param mode tells files, links and submodules apart
	 * @param object the name of its content
	 */
	private record Entry(String mode, String object) {
	}

	/**
	 * A file that was found in a folder.
	 *
	 * @param script the name that people know it by
	 * @param object the name of its content
	 */
	private record Found(String script, String object) {
	}

}
