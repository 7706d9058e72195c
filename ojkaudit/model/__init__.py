"""The vocabulary of the program: frozen data that every room shares."""
