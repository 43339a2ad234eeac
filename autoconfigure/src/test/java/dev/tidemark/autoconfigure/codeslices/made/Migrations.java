package dev.tidemark.autoconfigure.codeslices.made;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.tidemark.migration.CodeMigration;

@Configuration(proxyBeanMethods = false)
class Migrations {

	@Bean
	CodeMigration addPhone() {
		return new AddPhone();
	}

}
