"""What runs inside the two sandboxes: the student's process and the tests' process.

The folder is bound read-only into both and imports nothing of the kit, so that a sandbox needs
neither the course nor nbgrader.
"""
