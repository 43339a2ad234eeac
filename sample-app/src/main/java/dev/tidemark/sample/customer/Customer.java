package dev.tidemark.sample.customer;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Generated;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "customers")
class Customer {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	private @Nullable Long id;

	private String email;

	private String name;

	@Generated
	@Column(insertable = false, updatable = false)
	private @Nullable Instant createdAt;

	@Generated
	@Column(insertable = false, updatable = false)
	private @Nullable String emailDomain;

	@SuppressWarnings("NullAway.Init")
	protected Customer() {
	}

	Customer(String email, String name) {
		this.email = email;
		this.name = name;
	}

	@Nullable Long getId() {
		return this.id;
	}

	String getEmail() {
		return this.email;
	}

	String getName() {
		return this.name;
	}

	@Nullable Instant getCreatedAt() {
		return this.createdAt;
	}

	/** Read without a second thought: nobody asks before V14 is done. */
	@Nullable String getEmailDomain() {
		return this.emailDomain;
	}

}
