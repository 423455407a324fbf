"""What the children of the corpus have loaded before they start: everything that the commands import late."""

import datasets  # noqa: F401
import jsonschema_rs  # noqa: F401
import selectolax.lexbor  # noqa: F401

from tests.reliability.bad_inputs import trying  # noqa: F401
