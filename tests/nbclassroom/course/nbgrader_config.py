"""A small course with every kind of cell, for the instructor kit's own tests."""

import nbclassroom

c = get_config()  # noqa: F821 - nbgrader puts it here
c.CourseDirectory.course_id = "shapes-101"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.solution_directory = "solutions"
nbclassroom.configure(c)
