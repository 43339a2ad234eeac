package dev.tidemark.autoconfigure.actuate;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.tidemark.sql.PlainText;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No text gets into an answer of the endpoint as somebody else has written it.
 */
class PlainDescriptorsTests {

	private static final String HOSTILE = "a\r\nb\u001b[2J\u202e\u2028\u200b";

	static List<Class<?>> descriptors() {
		List<Class<?>> descriptors = new ClassFileImporter()
			.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
			.importPackages("dev.tidemark.autoconfigure.actuate")
			.stream()
			.filter((type) -> type.isRecord() && type.getModifiers().contains(JavaModifier.PUBLIC))
			.<Class<?>>map(JavaClass::reflect)
			.toList();
		assertThat(descriptors).contains(MigrationSummary.class, ProblemDescriptor.class, BlockerDescriptor.class);
		return descriptors;
	}

	@ParameterizedTest
	@MethodSource("descriptors")
	void whatADescriptorHoldsIsFitToBeShown(Class<?> descriptor) throws ReflectiveOperationException {
		RecordComponent[] components = descriptor.getRecordComponents();
		Constructor<?> constructor = descriptor
			.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
		constructor.setAccessible(true);
		Object made = constructor
			.newInstance(Arrays.stream(components).map((component) -> value(component.getType())).toArray());
		for (RecordComponent component : components) {
			if (component.getType() == String.class) {
				component.getAccessor().setAccessible(true);
				String text = (String) component.getAccessor().invoke(made);
				assertThat(text).as(component.getName()).isEqualTo(PlainText.lines(text)).isNotEqualTo(HOSTILE);
			}
		}
	}

	private static Object value(Class<?> type) {
		if (type == String.class) {
			return HOSTILE;
		}
		if (type == List.class) {
			return List.of();
		}
		if (type == Map.class) {
			return Map.of();
		}
		if (type == int.class || type == Integer.class) {
			return 1;
		}
		if (type == long.class || type == Long.class) {
			return 1L;
		}
		return (type == boolean.class) ? Boolean.FALSE : null;
	}

}
