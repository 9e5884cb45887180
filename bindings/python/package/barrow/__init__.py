"""A till for scripts: sell, look things up, report. The stub beside this file tells every type."""

from .barrow import barrow as _generated

# Names of types stand outside the generated list of exports, and scripts annotate with them.
globals().update({name: value for name, value in vars(_generated).items() if not name.startswith("_")})
