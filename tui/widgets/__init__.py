"""The parts that screens are made of; none of them knows what a client is."""
