package dev.tidemark.sample.database;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of the sample.
 *
 * @param dataDirectory folder in which the embedded server keeps its data from one start
 * to the next; without it, the data is gone when the service stops
 */
@ConfigurationProperties("sample")
record SampleProperties(@Nullable String dataDirectory) {

}
