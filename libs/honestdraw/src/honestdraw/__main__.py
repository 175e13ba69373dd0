"""`python -m honestdraw FILE`: checks a draw file; exit code 0 honest, 1 not, 2 wrong use."""

import sys
from pathlib import Path

from honestdraw.verification import verify


def main(arguments: list[str]) -> int:
    """Check one file and say what was found."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        sys.stderr.write("usage: python -m honestdraw FILE\n")
        return 2
    findings = verify(Path(arguments[0]).read_bytes())
    for finding in findings[:20]:
        sys.stdout.write(f"{finding}\n")
    sys.stdout.write("refused\n" if findings else "honest\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
