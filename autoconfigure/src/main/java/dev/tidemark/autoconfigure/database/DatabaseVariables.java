package dev.tidemark.autoconfigure.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

import dev.tidemark.autoconfigure.binding.PropertyNames;
import dev.tidemark.autoconfigure.binding.RenamedProperties;
import dev.tidemark.autoconfigure.exit.UnusablePropertyException;

/**
 * Variables of the process's environment about databases. In their names an underscore
 * ends the name of the database, so that one in the place of a dash would make another
 * database, which would migrate the database of the application.
 */
final class DatabaseVariables {

	private static final PropertyNames PROPERTIES = PropertyNames.ofDatabase();

	private DatabaseVariables() {
	}

	/**
	 * Requires that a variable sets a property that a database can have.
	 * @param variable the variable
	 * @param names where the name of the property begins
	 * @throws UnusablePropertyException if it sets none
	 */
	static void requireProperty(ConfigurationPropertyName variable, int names) {
		List<String> elements = new ArrayList<>();
		for (int i = names; i < variable.getNumberOfElements(); i++) {
			elements.add(variable.getElement(i, Form.UNIFORM));
		}
		if (PROPERTIES.containVariable(elements)) {
			return;
		}
		String prefix = variable.chop(names - 1).toString();
		String name = variable.getElement(names - 1, Form.UNIFORM);
		String reason = "A database has no such property.";
		for (int i = 1; i < elements.size(); i++) {
			List<String> property = elements.subList(i, elements.size());
			if (PROPERTIES.containVariable(property)) {
				reason = "In a variable the name of a database stands without dashes: "
						+ written(prefix, name + String.join("", elements.subList(0, i)), property) + ".";
			}
		}
		String renamed = new RenamedProperties(PROPERTIES).newNameOfVariable(elements, elements);
		if (renamed != null) {
			reason = "It is called " + written(prefix, name, List.of(renamed.replace("-", "").split("[.\\[\\]]+")))
					+ " now.";
		}
		throw new UnusablePropertyException(written(prefix, name, elements), "its name", reason);
	}

	private static String written(String prefix, String name, List<String> elements) {
		return (prefix.replace('.', '_') + "_" + name + "_" + String.join("_", elements)).toUpperCase(Locale.ROOT);
	}

}
