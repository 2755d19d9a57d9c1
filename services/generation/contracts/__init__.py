"""Request and response bodies that only generation reads or writes. Every room of generation except `http` may import them."""
