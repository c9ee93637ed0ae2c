"""What serving a language model is made of: fewer bits, batches, pages of cache, drafts.

Lesson 4 builds the core of each by hand and proves it equal to the real thing; this package holds
what lies around the cores. `openllms.serving` says what serving costs.
"""
