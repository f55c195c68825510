"""The parts of `bench/compare.py`: running commands, and one module for each question asked of them."""
