"""`python -m honestdraw FILE [COMMITMENT]`: checks a draw file; exit code 0 accepted, 1 refused, 2 wrong use."""

import sys
from pathlib import Path

from honestdraw.verification import verify

ACCEPTED = "accepted; honest if this commitment was published before the seed was known"


def main(arguments: list[str]) -> int:
    """Check one file, perhaps against a commitment written down before, and say what was found."""
    if len(arguments) not in {1, 2} or not Path(arguments[0]).is_file():
        sys.stderr.write("usage: python -m honestdraw FILE [COMMITMENT_SHA256]\n")
        return 2
    findings = verify(Path(arguments[0]).read_bytes(), *arguments[1:])
    for finding in findings[:20]:
        sys.stdout.write(f"{finding}\n")
    sys.stdout.write("refused\n" if findings else f"{ACCEPTED}\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
