"""Letopis: Bulgarian event reports in, normalised tables out."""
