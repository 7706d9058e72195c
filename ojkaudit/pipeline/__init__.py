"""The program as a few short functions, one module per use case; only this room knows the others."""
