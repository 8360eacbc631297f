"""Where each backend of a repository keeps its settings and their example, recognised without configuration."""
