package dev.tidemark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/**
 * The rooms of the engine, from the top down, as {@code rooms.txt} lists them.
 */
final class Rooms {

	private static final Path LIST = Path.of("src", "test", "resources", "rooms.txt");

	private static final String HOUSE = "dev.tidemark";

	/**
	 * An import may only point downwards: to a room that stands further down.
	 */
	private static final List<String> FROM_THE_TOP = read();

	private Rooms() {
	}

	/**
	 * Return the packages of rooms with all below them. Only the topmost room is the
	 * package alone: else a package that nobody has thought of would belong to it.
	 * @return the packages, as ArchUnit writes them
	 */
	static String[] packages() {
		return FROM_THE_TOP.stream().map((room) -> room.equals(HOUSE) ? HOUSE : room + "..").toArray(String[]::new);
	}

	/**
	 * Return the package of a room with all below it.
	 * @param room the room
	 * @return the package, as ArchUnit writes it
	 */
	static String of(String room) {
		return HOUSE + "." + room + "..";
	}

	/**
	 * Return the condition that a class knows none of a room further up.
	 * @return the condition
	 */
	static ArchCondition<JavaClass> pointDownwards() {
		return new ArchCondition<>("know none of a room further up") {
			@Override
			public void check(JavaClass type, ConditionEvents events) {
				type.getDirectDependenciesFromSelf()
					.stream()
					.filter((dependency) -> isOfHouse(dependency.getTargetClass()))
					.filter((dependency) -> depth(dependency.getTargetClass()) < depth(type))
					.forEach((dependency) -> events
						.add(SimpleConditionEvent.violated(dependency, dependency.getDescription())));
			}
		};
	}

	private static boolean isOfHouse(JavaClass type) {
		return type.getPackageName().equals(HOUSE) || type.getPackageName().startsWith(HOUSE + ".");
	}

	private static int depth(JavaClass type) {
		String room = FROM_THE_TOP.stream()
			.filter((candidate) -> lies(type.getPackageName(), candidate))
			.max(Comparator.comparingInt(String::length))
			.orElseThrow(() -> new AssertionError("No room for " + type.getName()));
		return FROM_THE_TOP.indexOf(room);
	}

	private static boolean lies(String packageName, String room) {
		return packageName.equals(room) || (!room.equals(HOUSE) && packageName.startsWith(room + "."));
	}

	private static List<String> read() {
		try {
			return Files.readAllLines(LIST).stream().filter((line) -> line.startsWith(HOUSE)).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
