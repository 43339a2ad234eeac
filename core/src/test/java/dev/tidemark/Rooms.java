package dev.tidemark;

import java.util.Comparator;
import java.util.List;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/**
 * The rooms of the engine, from the top down.
 */
final class Rooms {

	/**
	 * An import may only point downwards: to a room that stands further down.
	 */
	static final List<String> FROM_THE_TOP = List.of("", "tenant", "rollout", "rehearse", "adopt", "command", "author",
			"run.step", "run.recovery", "run", "catalogue", "safety.rules", "safety", "plan", "history", "source",
			"migration", "session", "statement", "error", "sql");

	private static final String HOUSE = "dev.tidemark";

	private Rooms() {
	}

	/**
	 * Return the packages of rooms with all below them. Only the topmost room is the
	 * package alone: else a package that nobody has thought of would belong to it.
	 * @return the packages, as ArchUnit writes them
	 */
	static String[] packages() {
		return FROM_THE_TOP.stream().map((room) -> room.isEmpty() ? HOUSE : of(room)).toArray(String[]::new);
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
		if (room.isEmpty()) {
			return packageName.equals(HOUSE);
		}
		return (packageName + ".").startsWith(HOUSE + "." + room + ".");
	}

}
