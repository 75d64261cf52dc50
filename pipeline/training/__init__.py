"""The training of the shipped pipelines: `joint` trains `letopis_bg` (needs the extra `train`), `cnn` trains `letopis_bg_sm`."""
