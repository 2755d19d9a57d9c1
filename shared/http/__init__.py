"""HTTP calls from one process of Tandem to another: pooled clients, the headers they send, and one translation of failures.
And `form`, which reads the forms that services receive.

The web layer, the workers and both services may import it. It imports only the contracts and the modules at the top of `shared`.
"""
