package dev.tidemark.autoconfigure.codeslices.scanned;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application with a migration and a callback in Java, which slices cut from.
 */
@SpringBootApplication(proxyBeanMethods = false)
class CodeApplication {

}
