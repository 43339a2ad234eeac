package dev.tidemark.autoconfigure.codeslices.scanned;

import org.springframework.boot.data.jdbc.test.autoconfigure.DataJdbcTest;

@DataJdbcTest
class DataJdbcCodeSliceTests extends AllCode {

}
