package dev.tidemark.autoconfigure.codeslices.made;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application whose migrations in Java are made by {@code @Bean} methods.
 */
@SpringBootApplication(proxyBeanMethods = false)
class MadeApplication {

}
