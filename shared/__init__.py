"""What two services must agree on: wire schemas, errors, records of jobs, HTTP and logs. Knows no service."""
