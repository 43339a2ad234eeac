package dev.tidemark.source;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.core.DecoratingProxy;

/**
 * The classes of code that runs, with those that they extend: a class that another one
 * builds upon is not forgotten, and a proxy extends the class that it stands for, or
 * tells it.
 *
 * @param names the names of the classes
 * @since 0.1.0
 */
public record RegisteredCode(Set<String> names) {

	/** Copies the names. */
	public RegisteredCode {
		names = Set.copyOf(names);
	}

	/**
	 * Returns the classes of objects.
	 * @param objects migrations and callbacks
	 * @return their classes
	 */
	public static RegisteredCode of(Collection<?> objects) {
		Set<String> names = new HashSet<>();
		objects.forEach((object) -> add(
				(object instanceof DecoratingProxy proxy) ? proxy.getDecoratedClass() : object.getClass(), names));
		return new RegisteredCode(names);
	}

	/**
	 * Returns classes with those that they extend.
	 * @param classes the classes
	 * @return the same classes, and more
	 */
	public static RegisteredCode ofClasses(Collection<Class<?>> classes) {
		Set<String> names = new HashSet<>();
		classes.forEach((type) -> add(type, names));
		return new RegisteredCode(names);
	}

	private static void add(Class<?> type, Set<String> names) {
		for (@Nullable
		Class<?> at = type; at != null; at = at.getSuperclass()) {
			names.add(at.getName());
		}
	}

	/**
	 * Tells whether code of a class runs.
	 * @param code the class
	 * @return {@code true} if there is an object of it
	 */
	public boolean has(CodeClass code) {
		return this.names.contains(code.name());
	}

}
