"""The course folder and the grading policy; nothing else."""

from importlib.util import find_spec

import nbclassroom

c = get_config()  # noqa: F821 - nbgrader puts it here
c.CourseDirectory.course_id = "openllms"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.solution_directory = "solutions"

# The kit's converters and preprocessors: feedback without hidden tests, tidy releases.
nbclassroom.configure(c)

# What the students' code may read beside the installed packages: the kit, which lies here.
kit = find_spec("openllms")
c.IsolatedExecute.read_only = list(kit.submodule_search_locations or []) if kit else []

# What a warm process imports once, for every submission's processes to be forked from. Where tests
# call the default model, add "openllms.models.preload", which keeps it in memory once for all.
c.IsolatedExecute.preload = ["numpy", "torch", "transformers"]

# What students get, and what is filled in for the repository that publishes it.
c.StudentBundle.files = {
    "lessons": "lessons",
    "assignments": "assignments",
    "lessons/README.md": "README.md",
    "LICENSE": "LICENSE",
    "LICENSE-text": "LICENSE-text",
    "NOTICE": "NOTICE",
    "CITATION.cff": "CITATION.cff",
}
c.StudentBundle.ignore = [".*", "__pycache__", "README.md"]
c.StudentBundle.project = "."
c.StudentBundle.marked = ["lessons/*.ipynb"]
c.StudentBundle.replacements = {
    "<!-- colab-link -->": "[Open in Colab]"
    "(https://colab.research.google.com/github/{slug}/blob/{branch}/{path})",
    'KIT = ""  # the student bundle fills in the address of the kit': "KIT = "
    '"{repository}/releases/expanded_assets/kit"',
}
