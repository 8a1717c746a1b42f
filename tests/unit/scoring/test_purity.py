import subprocess
import sys
from pathlib import Path


def test_the_core_starts_without_web_database_or_scipy():
    """It is used from a notebook, and `xinqiao score` waits for nothing it does not need."""
    code = (
        "import sys, app.scoring, app.scoring.explain, app.scoring.table, app.cli.score;"
        "print(sorted({'flask', 'sqlalchemy', 'scipy', 'jinja2', 'pandas'} & set(sys.modules)))"
    )

    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )

    assert result.stdout == "[]\n"
