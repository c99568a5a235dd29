"""Which texts say the same, or speak for a class, and the words that show it. Only texts, no pictures, no meaning.

Likeness is a hint for a person, never a decision; its threshold is data (words.toml, decision 0016).
"""

from bihuan.engines.similarity.indicating import Indication, indicated
from bihuan.engines.similarity.measure import likeness_of
from bihuan.engines.similarity.nearest import Match, Shared, nearest
from bihuan.engines.similarity.pairing import Pair, Told, one_to_one

__all__ = ["Indication", "Match", "Pair", "Shared", "Told", "indicated", "likeness_of", "nearest", "one_to_one"]
