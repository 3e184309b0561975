"""The city's 取組 and the 担当 that carries each. Imports goals and the foundation."""
