"""What two services must agree on: wire schemas, errors, records of jobs, HTTP and logs. It knows no service.

All services may import it. Inside it, the layers in pyproject.toml say which room may import which.
"""
