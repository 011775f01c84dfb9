"""Prints constraints.txt: the version of everything that Kordon needs, directly or not.

make constraints
"""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HEADER = """\
# Every version that Kordon was tested with. Written by `make constraints`; docs/dependencies.md
# says why each direct dependency is here.
"""


def needed(name: str, extras: frozenset[str], seen: dict[str, str]) -> None:
    """Add `name` and all that it needs to `seen` (name to version)."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return
    for requirement in _requirements(found.requires or [], extras):
        key = canonicalize_name(requirement.name)
        if key not in seen or requirement.extras:
            try:
                seen[key] = distribution(key).version.split("+")[0]
            except PackageNotFoundError:
                continue
            needed(key, frozenset(requirement.extras), seen)


def _requirements(lines: list[str], extras: frozenset[str]) -> Iterator[Requirement]:
    for line in lines:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in (*extras, "")):
            yield requirement


def main() -> None:
    """Walk from this project's own requirements."""
    seen: dict[str, str] = {}
    needed("kordon", frozenset({"dev"}), seen)
    lines = [f"{name}=={version}" for name, version in sorted(seen.items()) if name != "kordon"]
    print(HEADER + "\n".join(lines))


if __name__ == "__main__":
    main()
