"""The bench course: what `make bench` grades. `tensors` only computes, `prompts` asks a model."""

from importlib.util import find_spec

import nbclassroom
from openllms.models import cache

c = get_config()  # noqa: F821 - nbgrader puts it here
c.CourseDirectory.course_id = "bench"
nbclassroom.configure(c)

kit = find_spec("openllms")
places = list(kit.submodule_search_locations or []) if kit else []
c.IsolatedExecute.read_only = [*places, str(cache.root())]
c.IsolatedExecute.preload = ["numpy", "torch", "transformers", "openllms.models.preload"]
c.IsolatedExecute.environment = {cache.VARIABLE: str(cache.root()), "HF_HUB_OFFLINE": "1"}
