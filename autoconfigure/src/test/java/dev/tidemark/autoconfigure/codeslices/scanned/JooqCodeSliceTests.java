package dev.tidemark.autoconfigure.codeslices.scanned;

import org.springframework.boot.jooq.test.autoconfigure.JooqTest;

@JooqTest
class JooqCodeSliceTests extends AllCode {

}
