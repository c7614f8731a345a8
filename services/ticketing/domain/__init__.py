"""Pure rules of ticketing: no database, clock or framework."""
