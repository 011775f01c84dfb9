"""Sentences that lean on the one before: they begin with a word that points back."""

import re

_POINTS_BACK = re.compile(
    r"[«\"“(]*(?:it|its|he|his|she|her|they|their|them|these|those|this|that|both|such|there|"
    r"the (?:latter|former|same|host|event|meeting|document|report|course|workshop|project|"
    r"programme|training|seminar|conference|exercise|mission|visit|session|forum|participants|trainees)|"
    r"он|она|оно|они|его|её|ее|их|ему|ей|им|это|эта|этот|эти|этого|этой|этом|этих|таким|такая|такие|"
    r"там|тогда|оба|данн(?:ый|ая|ое|ые|ого|ой))\b",
    re.IGNORECASE,
)


def begins_with_pronoun(text: str) -> bool:
    """Whether a reader needs the sentence before to know who or what is meant."""
    return _POINTS_BACK.match(text) is not None
