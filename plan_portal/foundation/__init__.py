"""The ground that every app stands on. Imports no app."""
