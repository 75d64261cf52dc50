"""The training of the shipped pipelines; needs the extra `train`."""
