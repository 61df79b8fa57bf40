"""Names and numbers that follow from others: what a formula gives need not be masked."""
