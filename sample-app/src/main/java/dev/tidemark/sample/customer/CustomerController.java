package dev.tidemark.sample.customer;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Sort;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
@RequestMapping("/customers")
class CustomerController {

	private final CustomerRepository customers;

	private final CustomerAddressRepository addresses;

	private final CustomerTotals totals;

	CustomerController(CustomerRepository customers, CustomerAddressRepository addresses, CustomerTotals totals) {
		this.customers = customers;
		this.addresses = addresses;
		this.totals = totals;
	}

	@GetMapping
	List<CustomerResponse> customers() {
		return this.customers.findAll(Sort.by("id")).stream().map(CustomerResponse::of).toList();
	}

	@GetMapping("/{id}")
	CustomerResponse customer(@PathVariable long id) {
		return this.customers.findById(id)
			.map(CustomerResponse::of)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
	}

	@PostMapping
	@ResponseStatus(HttpStatus.CREATED)
	CustomerResponse add(@RequestBody CustomerRequest request) {
		return CustomerResponse.of(this.customers.save(new Customer(request.email(), request.name())));
	}

	@GetMapping("/totals")
	List<CustomerTotal> totals() {
		return this.totals.findAll();
	}

	@GetMapping("/{id}/addresses")
	List<AddressResponse> addresses(@PathVariable long id) {
		return this.addresses.findByCustomerIdOrderById(id).stream().map(AddressResponse::of).toList();
	}

	@PostMapping("/{id}/addresses")
	@ResponseStatus(HttpStatus.CREATED)
	AddressResponse addAddress(@PathVariable long id, @RequestBody AddressRequest request) {
		return AddressResponse.of(this.addresses.save(new CustomerAddress(id, request.street(), request.postcode(),
				request.city(), request.country(), request.preferred())));
	}

	record CustomerRequest(String email, String name) {

	}

	record CustomerResponse(@Nullable Long id, String email, String name, @Nullable Instant createdAt,
			@Nullable String emailDomain) {

		static CustomerResponse of(Customer customer) {
			return new CustomerResponse(customer.getId(), customer.getEmail(), customer.getName(),
					customer.getCreatedAt(), customer.getEmailDomain());
		}

	}

	record AddressRequest(String street, String postcode, String city, String country, boolean preferred) {

	}

	record AddressResponse(@Nullable Long id, String street, String postcode, String city, String country,
			boolean preferred) {

		static AddressResponse of(CustomerAddress address) {
			return new AddressResponse(address.getId(), address.getStreet(), address.getPostcode(), address.getCity(),
					address.getCountry(), address.isPreferred());
		}

	}

}
