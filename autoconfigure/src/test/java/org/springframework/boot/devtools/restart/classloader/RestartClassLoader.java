package org.springframework.boot.devtools.restart.classloader;

/**
 * Has the name by which the real one is known: with the devtools themselves on the class
 * path, every process that a test starts would be restarted.
 */
public final class RestartClassLoader extends ClassLoader {

	public RestartClassLoader(ClassLoader parent) {
		super(parent);
	}

}
