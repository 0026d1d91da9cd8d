"""What several commands share: options, composition of the parts, terminal."""
