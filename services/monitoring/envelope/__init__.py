"""Every outgoing envelope is rebuilt here from allowlisted fields."""
