"""社協's きずな計画, its linkages with the city's plan, and the figure of both. Imports initiatives, sdgs, goals, foundation."""
