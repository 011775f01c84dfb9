"""Ways of saying that mark an answer to "why", "what is" and "how": English and Russian."""

import re

from rag.answering.kinds import Kind

_MARKS: dict[Kind, str] = {
    "reason": (
        r"\b(?:because|due to|in order to|so that|since|thanks to|owing to|as a result|therefore|"
        r"aim(?:s|ed)? (?:at|to)|purpose|goal|intended to|reason|caused?|"
        r"потому|так как|поскольку|поэтому|чтобы|целью|целях|в связи|из-за|благодаря|вследствие|"
        r"причин\w+|направлен\w*|ввиду|обусловлен\w*)\b"
    ),
    "definition": (
        r"\b(?:is an?|is the|are|means?|refers? to|known as|called|defined as|stands for|"
        r"это|означает|является|представля\w+ собой|понима\w+|называ\w+|определя\w+ как)\b|\s[—–]\s"
    ),
    "manner": (
        r"\b(?:by \w+ing|through|using|via|by means of|with the help|"
        r"путём|путем|с помощью|посредством|через|при помощи)\b"
    ),
    "list": r",[^,]+,|;[^;]+;|\b(?:including|such as|включая|в том числе)\b",
}
# What stands between a term and its definition.
DEFINING = re.compile(
    r":|\s[—–-]\s|\b(?:means?|is|are|refers? to|denotes?|это|означает|является|понима\w+)\b",
    re.IGNORECASE,
)
_COMPILED = {kind: re.compile(rule, re.IGNORECASE) for kind, rule in _MARKS.items()}


def is_marked(kind: Kind, text: str) -> bool:
    """Whether `text` has the wording that usually goes with an answer of this kind."""
    rule = _COMPILED.get(kind)
    return rule is not None and rule.search(text) is not None
