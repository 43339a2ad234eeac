package dev.tidemark.source.format;

/**
 * Strategy interface that tells by the paths of files what they are. The files of other
 * tools are named and laid out in other ways than ours.
 *
 * @since 0.1.0
 */
public interface FileFormat {

	/**
	 * Return what a file is.
	 * @param path the path of the file, of which the format looks at as much as it needs
	 * @return the kind of file, with what its name says
	 */
	FileName parse(String path);

	/**
	 * Return whether a file configures another one, however its end is written.
	 * @param path the path of the file
	 * @return {@code true} if it belongs to the file whose name it has without
	 * {@value ScriptConfiguration#SUFFIX}
	 */
	boolean isConfiguration(String path);

}
