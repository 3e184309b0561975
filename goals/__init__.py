"""The city's plan: its editions, its running text and its 基本目標. Imports the foundation only."""
