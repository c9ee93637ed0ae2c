"""The course folder and the grading policy; nothing else."""

import classroom

c = get_config()  # noqa: F821 - nbgrader puts it here
c.CourseDirectory.course_id = "openllms"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.solution_directory = "solutions"

# The kit's converters and preprocessors: feedback without hidden tests, tidy releases.
classroom.configure(c)
