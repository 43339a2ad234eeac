package dev.tidemark.autoconfigure.code;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScans;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.type.classreading.MetadataReader;

import dev.tidemark.autoconfigure.unregistered.component.AddPhone;
import dev.tidemark.source.CodeClass;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * To look for code costs next to nothing where a scan for components was before.
 */
class FinishedScansTests {

	private static final String PARENT = "dev.tidemark.autoconfigure.unregistered";

	private static final String SCANNED = PARENT + ".component";

	@Test
	void whatAScanHasReadIsNotListedAgain() {
		try (Starting context = new Starting(SCANNED, Whole.class)) {
			assertThat(context.found).contains(AddPhone.class.getName());
			assertThat(context.listed).as("by the scan alone").hasSize(1);
		}
	}

	@Test
	void packagesBelowAScannedOneAreNotListedAgain() {
		try (Starting context = new Starting(SCANNED, Above.class)) {
			assertThat(context.found).containsExactly(AddPhone.class.getName());
			assertThat(context.listed).as("by the scan alone").hasSize(1);
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { Whole.class, OtherFiles.class, Twice.class, Unscanned.class })
	void whatNoScanIsCertainToHaveReadIsListed(Class<?> configuration) {
		try (Starting context = new Starting(PARENT, configuration)) {
			assertThat(context.found).contains(AddPhone.class.getName(),
					dev.tidemark.autoconfigure.unregistered.migration.AddPhone.class.getName());
			assertThat(context.listed).contains("classpath*:" + PARENT.replace('.', '/') + "/**/*.class");
		}
	}

	@Test
	void afterTheStartPackagesAreListedAndNothingIsKept() {
		try (Starting context = new Starting(SCANNED, Whole.class)) {
			assertThat(ScannedCode.read(context.getBeanFactory(), context).code()).extracting(CodeClass::name)
				.contains(AddPhone.class.getName());
			assertThat(context.getResourceCache(MetadataReader.class)).isEmpty();
		}
	}

	/**
	 * Looks for code while it starts.
	 */
	private static final class Starting extends AnnotationConfigApplicationContext {

		private final List<String> listed = new ArrayList<>();

		private final List<String> found = new ArrayList<>();

		Starting(String name, Class<?> configuration) {
			register(configuration);
			AutoConfigurationPackages.register(this, name);
			registerBean("looking", InitializingBean.class,
					() -> () -> ScannedCode.read(getBeanFactory(), this)
						.code()
						.forEach((code) -> this.found.add(code.name())));
			refresh();
		}

		@Override
		public Resource[] getResources(String pattern) throws IOException {
			this.listed.add(pattern);
			return super.getResources(pattern);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ComponentScan(basePackageClasses = AddPhone.class)
	static class Whole {

	}

	@Configuration(proxyBeanMethods = false)
	@ComponentScan(basePackages = PARENT, useDefaultFilters = false)
	static class Above {

	}

	@Configuration(proxyBeanMethods = false)
	@ComponentScan(basePackages = PARENT, useDefaultFilters = false, resourcePattern = "component/*.class")
	static class OtherFiles {

	}

	@Configuration(proxyBeanMethods = false)
	@ComponentScans({ @ComponentScan(basePackages = SCANNED),
			@ComponentScan(basePackages = PARENT + ".callback", useDefaultFilters = false) })
	static class Twice {

	}

	@Configuration(proxyBeanMethods = false)
	static class Unscanned {

	}

}
