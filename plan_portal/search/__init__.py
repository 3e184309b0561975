"""Search over everything public: where it looks (sources), what it found (results), how it is shown (views)."""
