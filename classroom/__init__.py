"""Release, grade and return nbgrader assignments: the instructor's half of the course."""
