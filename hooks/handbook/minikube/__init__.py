"""The parts of the provider ``minikube``."""
