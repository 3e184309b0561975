"""The 17 SDGs, those that a plan names, and their links to basic goals. Imports goals and the foundation."""
