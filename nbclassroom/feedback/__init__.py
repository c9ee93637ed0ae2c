"""After grading: pages for students, without what they must not see."""
