"""A process that can do no harm, as the grader holds it."""
