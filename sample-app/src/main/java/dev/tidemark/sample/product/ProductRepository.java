package dev.tidemark.sample.product;

import java.util.List;
import java.util.Optional;

import org.springframework.data.repository.Repository;

/** Products are read here; files of {@code db/migration} add them. */
public interface ProductRepository extends Repository<Product, Long> {

	List<Product> findAllByOrderBySku();

	Optional<Product> findBySku(String sku);

}
