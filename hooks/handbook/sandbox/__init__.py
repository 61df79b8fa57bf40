"""The parts of the sandbox: this machine's kernel in fresh namespaces, on throw-away layers over the machine's own system."""
