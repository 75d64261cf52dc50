"""The trained pipelines, one folder each, with their training configurations and model cards."""
