package dev.tidemark.autoconfigure.codeslices.scanned;

import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;

@DataJpaTest
class DataJpaCodeSliceTests extends AllCode {

}
