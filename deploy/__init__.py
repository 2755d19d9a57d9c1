"""Ways to run Tandem: on one machine, in containers, on Kubernetes."""
