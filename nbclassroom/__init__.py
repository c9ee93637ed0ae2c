"""The instructor kit: release, grade and return the assignments of any nbgrader course."""

from traitlets.config import Config


def configure(c: Config) -> None:
    """Plug the kit into nbgrader; called from `nbgrader_config.py`.

    Everything is set at nbgrader's own extension points, so `nbgrader generate_assignment`,
    `nbgrader generate_feedback` and the formgrader's buttons use it as well. Classes are named,
    not imported: reading the configuration stays fast.

    Args:
        c: The configuration object that nbgrader hands to the file (`get_config()`).
    """
    pp = "nbgrader.preprocessors"
    c.GenerateAssignment.preprocessors = [
        f"{pp}.IncludeHeaderFooter",
        f"{pp}.InstantiateTests",
        f"{pp}.LockCells",
        f"{pp}.ClearSolutions",
        f"{pp}.ClearOutput",
        f"{pp}.CheckCellMetadata",
        f"{pp}.ComputeChecksums",
        f"{pp}.SaveCells",  # the gradebook keeps the hidden tests, so clear them after this
        f"{pp}.ClearHiddenTests",
        f"{pp}.ClearMarkScheme",
        "nbclassroom.authoring.release.Tidy",
        f"{pp}.ComputeChecksums",
        f"{pp}.CheckCellMetadata",
    ]
    c.GenerateSolution.preprocessors = [
        f"{pp}.IncludeHeaderFooter",
        f"{pp}.LockCells",
        f"{pp}.ClearOutput",
        f"{pp}.ClearHiddenTests",
        f"{pp}.ClearMarkScheme",
        "nbclassroom.authoring.release.DropSolutionMarkers",
        "nbclassroom.authoring.release.Tidy",
    ]
    hooks = "nbclassroom.grading.nbgrader_hooks"
    c.Autograde.exporter_class = f"{hooks}.SubmissionReader"
    c.Autograde.pre_convert_hook = f"{hooks}.set_aside"
    c.Autograde.post_convert_hook = f"{hooks}.forget"
    # What the reader hands on has the instructor's own cells and metadata.
    c.Autograde.sanitize_preprocessors = []
    c.Autograde.autograde_preprocessors = [
        "nbclassroom.grading.settings.IsolatedExecute",
        f"{pp}.LimitOutput",
        f"{hooks}.SaveScores",
        f"{pp}.AssignLatePenalties",
    ]
    c.GenerateFeedback.exporter_class = "nbclassroom.feedback.exporter.FeedbackExporter"
    c.GenerateFeedback.preprocessors = [
        "nbclassroom.feedback.exporter.Marks",
        "nbclassroom.feedback.redact.RedactHiddenTests",
        "nbclassroom.feedback.exporter.KeepFilesOut",
    ]
