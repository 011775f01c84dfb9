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
        r"это|означает|обозначает|является|представля\w+ собой|понима\w+|подразумева\w+|называ\w+|"
        r"призна[её]тся|определя\w+ как|относится к)\b|\s[—–]\s"
    ),
    "manner": (
        r"\b(?:by \w+ing|through|using|via|by means of|with the help|"
        r"путём|путем|с помощью|посредством|через|при помощи)\b"
    ),
    "list": r",[^,]+,|;[^;]+;|\b(?:including|such as|включая|в том числе)\b",
}
# What stands between a term and its definition.
DEFINING = re.compile(
    r":|\s[—–-]\s|\b(?:means?|is|are|refers? to|denotes?|это|означает|обозначает|является|"
    r"понима\w+|подразумева\w+|призна[её]тся|относится к)\b",
    re.IGNORECASE,
)
# What did not happen: "the Authority would have imposed", «штраф составил бы».
_UNREAL = re.compile(
    r"\b(?:would|could|might) (?:\w+ )?have\b|\bwere it not\b|\bhad (?:\w+ ){1,3}not\b"
    r"|(?<!\bхотя )(?<!\bкак )\bбы\b",
    re.IGNORECASE,
)
_AIM = r"\b(?:targets?|(?:целев|планов)\w+ (?:показател|значени|уров)\w*)\b"
# What stands before a figure that is to be reached, or not to be passed: "the target is 1,800",
# «целевой показатель», "below 5 %".
_TARGET = re.compile(
    rf"{_AIM}[^.;|]{{0,40}}$|\b(?:below|under|at least|at most|(?:less|fewer|more) than|over"
    r"|above|ниже|выше|свыше|(?:не )?(?:менее|более))\s+$",
    re.IGNORECASE,
)
_ASKED_AIM = re.compile(
    rf"{_AIM}|\b(?:цел[ьи]|plan\w*|план\w*|должн\w+|must|should|threshold|порог\w*)\b",
    re.IGNORECASE,
)
# Who acts or is acted on, without a name: "the compliance officer", «надзорный орган».
_ROLE = re.compile(
    r"\b(?:(?:officer|manager|director|supervisor|regulator|inspector|investigator|auditor|trustee|"
    r"employee|customer|owner|founder|shareholder|member|partner|provider|lawyer|accountant|expert|"
    r"participant|victim|terrorist|analyst|chemist|broker|trader|dealer|donor|resident|national|bank|"
    r"court|judge|prosecutor|state|unit|team|group|person|institution)s?|heads?|chairs?|boards?|"
    r"management|staff|police|customs|FIUs?|(?:authorit|part|compan|bod|entit|agenc|"
    r"countr|beneficiar|notar|charit)(?:y|ies)|people|men|women)\b"
    r"|\b(?:лиц[оаеу]?м?и?|органы?|органа?у?м?и?|страны?|государств\w*|банк\w*|субъект\w*|клиент\w*|"
    r"сотрудник\w*|работник\w*|руковод\w+|должностн\w+|владел\w+|собственник\w*|учредител\w+|"
    r"участник\w*|нотариус\w*|адвокат\w*|аудитор\w*|суд\w{0,3}|судь\w+|прокурор\w*|следовател\w+|"
    r"инспектор\w*|эксперт\w*|компани\w+|организаци\w+|учреждени\w+|подразделени\w+|ведомств\w+|"
    r"групп\w+|служб\w+|комисси\w+|совет\w{0,3}|террорист\w*|преступник\w*|жител\w+|граждан\w*|"
    r"бенефициар\w*|попечител\w+|доверенн\w+|представител\w+|получател\w+|отправител\w+)\b",
    re.IGNORECASE,
)
_COMPILED = {kind: re.compile(rule, re.IGNORECASE) for kind, rule in _MARKS.items()}


def is_marked(kind: Kind, text: str) -> bool:
    """Whether `text` has the wording that usually goes with an answer of this kind."""
    rule = _COMPILED.get(kind)
    return rule is not None and rule.search(text) is not None


def is_unreal(text: str) -> bool:
    """Whether `text` tells what would have been."""
    return _UNREAL.search(text) is not None


def is_a_target(text: str, start: int) -> bool:
    """Whether the figure at `start` is given as what is to be reached."""
    return _TARGET.search(text, 0, start) is not None


def asks_for_a_target(question: str) -> bool:
    """Whether a question asks for what is to be reached or not to be passed."""
    return _ASKED_AIM.search(question) is not None


def names_a_role(text: str) -> bool:
    """Whether `text` tells of somebody without a name, who may be the answer to "who"."""
    return _ROLE.search(text) is not None
