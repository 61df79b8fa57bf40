"""What a session is made of: a live shell, its streams and terminals, its processes."""
