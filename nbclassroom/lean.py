"""What a command leaves out to start fast; imported before everything else of the kit.

`jsonschema`, which checks notebooks, builds a grammar of web addresses when it is imported: more
than two seconds, for a check of a format that no notebook has. It does without where the grammar's
package is not installed, so here it is as if it were not.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
