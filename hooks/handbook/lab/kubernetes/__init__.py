"""Kubernetes on a node of the lab: its programs, its images, a cluster of one node."""
