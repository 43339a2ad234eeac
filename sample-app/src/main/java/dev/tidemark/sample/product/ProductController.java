package dev.tidemark.sample.product;

import java.math.BigDecimal;
import java.util.List;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/products")
class ProductController {

	private final ProductRepository products;

	ProductController(ProductRepository products) {
		this.products = products;
	}

	@GetMapping
	List<ProductResponse> products() {
		return this.products.findAllByOrderBySku()
			.stream()
			.map((product) -> new ProductResponse(product.getSku(), product.getName(), product.getPrice()))
			.toList();
	}

	record ProductResponse(String sku, String name, BigDecimal price) {

	}

}
