"""Every measurement, one after another: `make bench`, or `python -m bench answering reports` for some."""

from __future__ import annotations

import importlib
import sys

PARTS = (
    "answering", "counting", "results", "public_pages", "leaks", "reports", "documents", "open_data",
    "export_responses", "console",
)  # fmt: skip


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(f"Không có phép đo {', '.join(unknown)}; có: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    for name in wanted or PARTS:
        print(f"\n== {name} ==", flush=True)
        # Each part reads options of its own when it is run alone.
        sys.argv = [name]
        importlib.import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
