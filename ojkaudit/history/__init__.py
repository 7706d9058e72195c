"""What came before: comparing one run with another."""
