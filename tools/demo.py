"""`make demo`: one English and one Russian question, asked as a user would on the terminal."""

import subprocess
import sys

QUESTIONS = (
    "What is the budget of the QALQAN programme?",
    "Какой штраф предусмотрен за недекларирование наличных?",
)


def main() -> int:
    """Ask each question with `kordon ask`; the first failure's exit code, else 0."""
    for question in QUESTIONS:
        print(f"\n$ kordon ask {question!r}", flush=True)
        code = subprocess.call([sys.executable, "-m", "rag.cli", "ask", question])
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
