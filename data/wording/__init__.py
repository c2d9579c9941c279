"""Words that people read: `Wording(language).say(key)`; the texts are in the YAML files beside this one."""

from data.wording.catalogue import LANGUAGES, MINUS, Wording, number, printed
from data.wording.definitions import in_chinese, problem_text
from data.wording.telling import refusal, told

__all__ = ["LANGUAGES", "MINUS", "Wording", "in_chinese", "number", "printed", "problem_text", "refusal", "told"]
