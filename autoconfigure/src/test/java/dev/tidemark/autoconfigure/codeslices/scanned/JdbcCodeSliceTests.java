package dev.tidemark.autoconfigure.codeslices.scanned;

import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;

@JdbcTest
class JdbcCodeSliceTests extends AllCode {

}
