package dev.tidemark.benchmark;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What a run is asked to do.
 *
 * @param scenarios names of scenarios, or their first words; all if empty
 * @param rounds how often each is measured
 * @param heap the biggest heap of each process, as {@code -Xmx} takes it
 * @param files a directory of somebody's migrations, or {@code null}
 * @param folders whether migrations lie in folders of the class path instead of jars
 */
record Options(List<String> scenarios, int rounds, String heap, @Nullable Path files, boolean folders) {

	private static final Map<String, String> DEFAULTS = Map.of("--scenarios", "", "--rounds", "5", "--heap", "512m",
			"--files", "", "--folders", "false");

	/**
	 * Reads options.
	 * @param arguments each as {@code --name=value}
	 * @return the options
	 * @throws IllegalArgumentException if one is not known
	 */
	static Options parse(String... arguments) {
		Map<String, String> values = new HashMap<>(DEFAULTS);
		for (String argument : arguments) {
			int equals = argument.indexOf('=');
			if (equals < 0 || values.replace(argument.substring(0, equals), argument.substring(equals + 1)) == null) {
				throw new IllegalArgumentException("Unknown option: " + argument);
			}
		}
		Function<String, String> value = (name) -> values.getOrDefault(name, "");
		String files = value.apply("--files");
		return new Options(Stream.of(value.apply("--scenarios").split(",")).filter((name) -> !name.isEmpty()).toList(),
				Integer.parseInt(value.apply("--rounds")), value.apply("--heap"),
				files.isEmpty() ? null : Path.of(files), Boolean.parseBoolean(value.apply("--folders")));
	}

	/**
	 * Returns the scenarios that are asked for.
	 * @return the scenarios
	 * @throws IllegalArgumentException if one is asked for that does not exist
	 */
	List<Scenario> selected() {
		List<Scenario> all = Scenario.all(this);
		for (String name : this.scenarios) {
			if (all.stream().noneMatch((scenario) -> isNamed(scenario, name))) {
				throw new IllegalArgumentException("There is no scenario '%s', only %s".formatted(name,
						all.stream().map(Scenario::name).toList()));
			}
		}
		return all.stream()
			.filter((scenario) -> this.scenarios.isEmpty()
					|| this.scenarios.stream().anyMatch((name) -> isNamed(scenario, name)))
			.toList();
	}

	private static boolean isNamed(Scenario scenario, String name) {
		return scenario.name().equals(name) || scenario.name().startsWith(name + "-");
	}

}
