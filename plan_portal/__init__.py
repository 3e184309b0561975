"""The roof: settings, addresses, the admin site, home, search and machine pages. May import every app."""
