"""What a course's `nbgrader_config.py` says about grading."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Dict, Float, Integer, List, Unicode

from nbclassroom.engine.limits import MIB, Policy


class IsolatedExecute(NbGraderPreprocessor):
    """Stands where nbgrader's Execute stood: its settings are those of the sandbox.

    The notebook that it is given was executed already (`nbgrader_hooks.SubmissionReader`); what is
    left to do is to say what a human should look at.
    """

    trust_submissions = Bool(False, help="Run without a sandbox; only for your own notebooks.").tag(
        config=True
    )
    python = Unicode(sys.executable, help="The interpreter that runs the notebooks.").tag(
        config=True
    )
    read_only = List(
        Unicode(), help="Files and folders that the code may read, such as a package in place."
    ).tag(config=True)
    environment = Dict(help="Environment variables of the code; nothing else is inherited.").tag(
        config=True
    )
    memory = Integer(2048, help="MiB that all processes of a notebook may hold.").tag(config=True)
    disk = Integer(64, help="MiB that a notebook may write.").tag(config=True)
    processes = Integer(64, help="Processes and threads of a notebook.").tag(config=True)
    cell_cpu = Float(30.0, help="CPU seconds of one cell.").tag(config=True)
    cell_wall = Float(120.0, help="Seconds after which a waiting cell is stopped.").tag(config=True)
    staged = Unicode(
        "", help="A folder with the result of this submission, which is then taken over from there."
    ).tag(config=True)
    total_cpu = Integer(600, help="CPU seconds of a whole notebook.").tag(config=True)
    warm = Bool(True, help="Fork the code's processes from a fork server where possible.").tag(
        config=True
    )
    preload = List(Unicode(), help="Modules that the fork server imports, such as numpy.").tag(
        config=True
    )

    def policy(self) -> Policy:
        """The policy that the configuration states."""
        given = {f.name: getattr(self, f.name) for f in fields(Policy) if self.has_trait(f.name)}
        given |= {"memory": self.memory * MIB, "disk": self.disk * MIB}
        given["preload"] = tuple(self.preload)
        given["read_only"] = tuple(Path(path) for path in self.read_only)
        return Policy(**given)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Log the report's problems and flags; nothing changes."""
        report = resources["classroom_report"]
        for problem in [*report.problems, *report.flags]:
            self.log.warning("%s", problem)
        return nb, resources
