"""Cleaning: which parts of a page are the article."""

from kakuyaku.cleaning.batch import Page, clean, clean_batch, clean_many

__all__ = ["Page", "clean", "clean_batch", "clean_many"]
