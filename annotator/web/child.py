"""The process behind one browser: `python -m annotator.web.child MEMORY ARGUMENT ...` runs the command line, with limits.

MEMORY is the most address space that it may take, in MiB; 0 sets no limit.
"""

from __future__ import annotations

import os
import sys


def limit(memory: int) -> None:
    """Limit this process and those that it starts; a platform without such limits runs without them.

    `memory` is in MiB; 0 leaves it unlimited.
    """
    try:
        import resource
    except ImportError:  # Windows has none
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        asked = memory << 20
        resource.setrlimit(resource.RLIMIT_AS, (asked if hard < 0 else min(asked, hard), hard))


def main() -> None:
    """Limit this process, then become the command line; limits outlive that."""
    memory, *arguments = sys.argv[1:]
    limit(int(memory))
    os.execv(sys.executable, [sys.executable, "-P", "-m", "annotator", *arguments])  # noqa: S606 - this Python, with arguments of our own


if __name__ == "__main__":
    main()
