"""What the person who runs the portal does beside it: backup, restore, the move to another database, logs, readiness."""
