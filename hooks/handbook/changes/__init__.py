"""What changed between environments: differences explained by the catalogue, and told to people and programs."""
