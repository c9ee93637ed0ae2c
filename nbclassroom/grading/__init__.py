"""A class is graded: the one room that knows course folders, the gradebook and jobs."""
