"""What happens between `make run` and the first page: where to listen, the database, the static files, the server."""
