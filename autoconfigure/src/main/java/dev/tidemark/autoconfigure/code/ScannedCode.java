package dev.tidemark.autoconfigure.code;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.MethodMetadata;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

import org.springframework.util.ClassUtils;
import dev.tidemark.source.CodeClass;
import dev.tidemark.source.CodeClasses;

/**
 * The classes of the packages that the application scans for components. They are known
 * by their files, those that were read by that scan from what it remembers; none is
 * loaded.
 *
 * @since 0.1.0
 */
public final class ScannedCode {

	/** What leaves test classes out of a scan. */
	private static final String TESTS = "org.springframework.boot.test.context.filter.TestTypeExcludeFilter";

	private final ConfigurableListableBeanFactory beans;

	private final MetadataReaderFactory readers;

	private final FinishedScans scans;

	private final Map<String, MetadataReader> classes = new HashMap<>();

	private final CodeClasses code;

	private ScannedCode(ConfigurableListableBeanFactory beans, ResourceLoader resources) {
		this.beans = beans;
		this.readers = MetadataReaderFactory.create(resources);
		this.scans = new FinishedScans(beans, resources);
		this.code = new CodeClasses(this.readers);
	}

	/**
	 * Reads the packages.
	 * @param beans knows which those are
	 * @param resources lists their classes
	 */
	public static ScannedCode read(ConfigurableListableBeanFactory beans, ResourcePatternResolver resources) {
		ScannedCode scanned = new ScannedCode(beans, resources);
		outermost(packages(beans)).forEach((name) -> scanned.add(name, resources));
		return scanned;
	}

	private static Collection<String> packages(ConfigurableListableBeanFactory beans) {
		return AutoConfigurationPackages.has(beans) ? AutoConfigurationPackages.get(beans) : Set.of();
	}

	/** The package without a name would be the whole class path. */
	private static Stream<String> outermost(Collection<String> packages) {
		return packages.stream()
			.filter((name) -> !name.isEmpty()
					&& packages.stream().noneMatch((other) -> !other.isEmpty() && name.startsWith(other + ".")))
			.distinct();
	}

	private void add(String name, ResourcePatternResolver resources) {
		Collection<MetadataReader> read = this.scans.classes(name);
		if (read != null) {
			read.forEach(this::add);
		}
		else {
			list(name, resources);
		}
	}

	private void list(String name, ResourcePatternResolver resources) {
		String pattern = ResourcePatternResolver.CLASSPATH_ALL_URL_PREFIX + name.replace('.', '/') + "/**/*"
				+ ClassUtils.CLASS_FILE_SUFFIX;
		try {
			for (Resource file : resources.getResources(pattern)) {
				add(file);
			}
		}
		catch (IOException ex) {
			// The scan for components would have failed before.
		}
	}

	private void add(Resource file) {
		try {
			MetadataReader known = this.scans.file(file);
			add((known != null) ? known : this.readers.getMetadataReader(file));
		}
		catch (IOException | RuntimeException ex) {
			// What Spring cannot read it makes no bean of.
		}
	}

	/** Of two files, the first on the class path is the one that is loaded. */
	private void add(MetadataReader reader) {
		if (this.classes.putIfAbsent(reader.getClassMetadata().getClassName(), reader) == null) {
			this.code.add(reader.getClassMetadata());
		}
	}

	/** Returns the migrations and callbacks among the classes. */
	public List<CodeClass> code() {
		return this.code.find();
	}

	/**
	 * Tells whether it is decided on purpose whether a class is a bean: by a condition on
	 * it, or where a bean of it is made, or as it belongs to a test.
	 */
	public boolean isLeftOnPurpose(CodeClass code) {
		try {
			MetadataReader reader = reader(code.name());
			if (isConditional(reader.getAnnotationMetadata()) || isExcluded(reader)) {
				return true;
			}
		}
		catch (IOException ex) {
			return false;
		}
		return makers().anyMatch((maker) -> hasConditionalBeans(maker) && mentions(maker, code));
	}

	private MetadataReader reader(String name) throws IOException {
		MetadataReader known = this.classes.get(name);
		return (known != null) ? known : this.readers.getMetadataReader(name);
	}

	/** What is on an enclosing class holds for those in it. */
	private boolean isConditional(AnnotationMetadata type) throws IOException {
		@Nullable AnnotationMetadata at = type;
		while (at != null) {
			if (isAnnotatedAsConditional(at)) {
				return true;
			}
			String enclosing = at.getEnclosingClassName();
			at = (enclosing != null) ? reader(enclosing).getAnnotationMetadata() : null;
		}
		return false;
	}

	private static boolean isAnnotatedAsConditional(AnnotatedTypeMetadata metadata) {
		return metadata.isAnnotated(Conditional.class.getName());
	}

	/** What the scan itself has left out. */
	private boolean isExcluded(MetadataReader reader) throws IOException {
		return isExcluded(reader, (filter) -> true);
	}

	/** Tells whether a test has made the context. */
	boolean isInTest() {
		return this.beans.getBeansOfType(TypeExcludeFilter.class)
			.values()
			.stream()
			.anyMatch((filter) -> filter.getClass().getName().equals(TESTS));
	}

	private boolean isOfTest(MetadataReader reader) {
		try {
			return isExcluded(reader, (filter) -> filter.getClass().getName().equals(TESTS));
		}
		catch (IOException ex) {
			return false;
		}
	}

	private boolean isExcluded(MetadataReader reader, Predicate<TypeExcludeFilter> filters) throws IOException {
		for (TypeExcludeFilter filter : this.beans.getBeansOfType(TypeExcludeFilter.class).values()) {
			if (filters.test(filter) && filter.match(reader, this.readers)) {
				return true;
			}
		}
		return false;
	}

	/** Returns the classes that make beans. */
	private Stream<MetadataReader> makers() {
		return this.classes.values().stream().filter((reader) -> !beanMethods(reader).isEmpty());
	}

	private static Set<MethodMetadata> beanMethods(MetadataReader reader) {
		return reader.getAnnotationMetadata().getAnnotatedMethods(Bean.class.getName());
	}

	private boolean hasConditionalBeans(MetadataReader maker) {
		try {
			return isConditional(maker.getAnnotationMetadata())
					|| beanMethods(maker).stream().anyMatch(ScannedCode::isAnnotatedAsConditional);
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Bean methods may return an interface, so their code has to tell what they make. */
	private static boolean mentions(MetadataReader maker, CodeClass code) {
		try {
			String text = maker.getResource().getContentAsString(StandardCharsets.ISO_8859_1);
			String path = code.path().substring(0, code.path().length() - ClassUtils.CLASS_FILE_SUFFIX.length());
			String name = new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
			for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
				int end = at + name.length();
				if (end == text.length() || !isPartOfName(text.charAt(end))) {
					return true;
				}
			}
			return false;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static boolean isPartOfName(char c) {
		return c == '$' || c == '_' || c == '/' || Character.isLetterOrDigit(c);
	}

	/** Returns the names of the classes whose bean methods make objects of a class. */
	List<String> makersOf(CodeClass code) {
		return makers().filter((maker) -> mentions(maker, code))
			.map((maker) -> maker.getClassMetadata().getClassName())
			.sorted()
			.toList();
	}

	/**
	 * Returns the bean methods of migrations and callbacks that no condition is on.
	 */
	List<MethodMetadata> beanMethodsOfCode() {
		List<MethodMetadata> methods = new ArrayList<>();
		makers().filter((maker) -> !isOfTest(maker)).forEach((maker) -> beanMethods(maker).forEach((method) -> {
			boolean ofCode = this.code.kind(method.getReturnTypeName())
				.filter(CodeClass.Kind::isOfTidemark)
				.isPresent();
			if (ofCode && !hasConditionalBeans(maker)) {
				methods.add(method);
			}
		}));
		return methods;
	}

}
