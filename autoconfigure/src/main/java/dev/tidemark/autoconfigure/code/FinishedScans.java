package dev.tidemark.autoconfigure.code;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScans;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.ConfigurationClassPostProcessor;
import org.springframework.context.index.CandidateComponentsIndexLoader;
import org.springframework.core.Conventions;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.util.ClassUtils;

/**
 * What the scans for components have read: until it is up, the context remembers each
 * class file. To list files costs more than all else that an idle start does.
 */
final class FinishedScans {

	/** Spring marks so what it has processed as a configuration. */
	private static final String CONFIGURATION = Conventions
		.getQualifiedAttributeName(ConfigurationClassPostProcessor.class, "configurationClass");

	private static final String PATTERN = "**/*.class";

	private final ConfigurableListableBeanFactory beans;

	private final Map<Resource, MetadataReader> files;

	FinishedScans(ConfigurableListableBeanFactory beans, ResourceLoader resources) {
		this.beans = beans;
		this.files = (resources instanceof DefaultResourceLoader loader) ? loader.getResourceCache(MetadataReader.class)
				: Map.of();
	}

	/** Returns what is known of a file, which may be nothing. */
	@Nullable MetadataReader file(Resource file) {
		return this.files.get(file);
	}

	/**
	 * Returns all classes of a package and of those below.
	 * @param name the name of the package
	 * @return the classes, or {@code null} if it is not certain that all have been read
	 */
	@Nullable Collection<MetadataReader> classes(String name) {
		if (this.files.isEmpty() || !isScanned(name)) {
			return null;
		}
		String prefix = name + ".";
		Map<String, MetadataReader> classes = new HashMap<>();
		for (Map.Entry<Resource, MetadataReader> file : this.files.entrySet()) {
			String type = file.getValue().getClassMetadata().getClassName();
			boolean scanned = type.startsWith(prefix) && !isReadByName(file.getKey());
			if (scanned && classes.put(type, file.getValue()) != null) {
				// Of two files, the order of the class path decides.
				return null;
			}
		}
		return classes.isEmpty() ? null : classes.values();
	}

	/** As what others extend is: such a file may be known by its path too. */
	private static boolean isReadByName(Resource file) {
		return file instanceof ClassPathResource;
	}

	private boolean isScanned(String name) {
		for (String bean : this.beans.getBeanDefinitionNames()) {
			BeanDefinition definition = this.beans.getBeanDefinition(bean);
			if (definition instanceof AnnotatedBeanDefinition annotated && definition.hasAttribute(CONFIGURATION)
					&& isScanned(name, annotated.getMetadata())) {
				return !isIndexed();
			}
		}
		return false;
	}

	/** Whatever is not the plain case does not count: those files are listed then. */
	private static boolean isScanned(String name, AnnotationMetadata configuration) {
		MergedAnnotation<ComponentScan> scan = configuration.getAnnotations().get(ComponentScan.class);
		if (!scan.isPresent() || configuration.isAnnotated(ComponentScans.class.getName())
				|| configuration.isAnnotated(Conditional.class.getName())
				|| !scan.getString("resourcePattern").equals(PATTERN)) {
			return false;
		}
		String[] packages = scan.getStringArray("basePackages");
		String[] classes = scan.asMap(MergedAnnotation.Adapt.CLASS_TO_STRING)
			.get("basePackageClasses") instanceof String[] names ? names : new String[0];
		if (packages.length == 0 && classes.length == 0) {
			return isWithin(name, ClassUtils.getPackageName(configuration.getClassName()));
		}
		return Arrays.stream(packages).anyMatch((scanned) -> isWithin(name, scanned)) || Arrays.stream(classes)
			.map(ClassUtils::getPackageName)
			.anyMatch((scanned) -> isWithin(name, scanned));
	}

	private static boolean isWithin(String name, String scanned) {
		return name.equals(scanned) || name.startsWith(scanned + ".");
	}

	/** With an index of components no file has been read. */
	private boolean isIndexed() {
		return CandidateComponentsIndexLoader.loadIndex(this.beans.getBeanClassLoader()) != null;
	}

}
