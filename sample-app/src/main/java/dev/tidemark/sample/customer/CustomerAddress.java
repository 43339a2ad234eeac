package dev.tidemark.sample.customer;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "customer_addresses")
class CustomerAddress {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	private @Nullable Long id;

	private long customerId;

	private String street;

	private String postcode;

	private String city;

	private String country;

	@Column(name = "is_default")
	private boolean preferred;

	@SuppressWarnings("NullAway.Init")
	protected CustomerAddress() {
	}

	CustomerAddress(long customerId, String street, String postcode, String city, String country, boolean preferred) {
		this.customerId = customerId;
		this.street = street;
		this.postcode = postcode;
		this.city = city;
		this.country = country;
		this.preferred = preferred;
	}

	@Nullable Long getId() {
		return this.id;
	}

	long getCustomerId() {
		return this.customerId;
	}

	String getStreet() {
		return this.street;
	}

	String getPostcode() {
		return this.postcode;
	}

	String getCity() {
		return this.city;
	}

	String getCountry() {
		return this.country;
	}

	boolean isPreferred() {
		return this.preferred;
	}

}
