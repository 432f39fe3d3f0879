"""Search in Chinese without a dictionary: a text is cut into pairs of neighbours, and so is what is asked.

Sphinx cuts Chinese by the package jieba, which comes as no wheel, and does not cut what the reader types: “碳中和矿山”
is not found where the index knows “碳中和” and “矿山”. Pairs need no package, and find any stretch of a text.
"""

import re

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage, languages
from sphinx.search.en import SearchEnglish

RUN = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")


def pairs(text: str) -> list[str]:
    """The words of a text as they are indexed: Latin ones whole, of Chinese every two neighbours, one by itself alone.

    >>> pairs("AHP 与碳中和")
    ['AHP', '与碳', '碳中', '中和']
    """
    return [piece for run in RUN.findall(text) for piece in (
        [run[place:place + 2] for place in range(max(len(run) - 1, 1))] if "\u3400" <= run[0] <= "\u9fff" else [run])]


class SearchPairs(SearchLanguage):
    """The same in Python, for the index, and in the browser, for what is asked."""

    lang = "zh"
    language_name = "Chinese"
    stopwords = SearchEnglish.stopwords
    js_splitter_code = r"""
function splitQuery(query) {
  const words = [];
  for (const [run] of query.matchAll(/[\u3400-\u9fff]+|(?:(?![\u3400-\u9fff])[\p{L}\p{N}_])+/gu)) {
    if (!/[\u3400-\u9fff]/.test(run)) words.push(run);
    else for (let place = 0; place < Math.max(run.length - 1, 1); place++) words.push(run.slice(place, place + 2));
  }
  return words;
}
"""

    def split(self, input: str) -> list[str]:
        return pairs(input)

    def stem(self, word: str) -> str:
        return word.lower()  # as the browser does


def setup(app: Sphinx) -> None:
    languages["zh"] = SearchPairs
