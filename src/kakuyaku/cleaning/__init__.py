"""Cleaning: which parts of a page are the article."""

from kakuyaku.cleaning.batch import clean, clean_batch, clean_many, reasons
from kakuyaku.cleaning.page import Page

__all__ = ["Page", "clean", "clean_batch", "clean_many", "reasons"]
