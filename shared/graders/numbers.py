"""Numbers in text: read with sign, decimals, unit and currency, and written in one way.

`1,000`, `1'000` and `1 000` (with a space that does not break) are 1000, `1.234,5` is 1234.5, `6,5` is 6.5, and `½` is 1/2. A minus is a
sign at the beginning of a word, and a range between two numbers. `5 %` and `5 percent` are the same; `$5` and `5 dollars` too, but not `5`.
Trailing zeros count (versions 3.1 and 3.10), except before a known unit. `3 million` is 3000000. Units are not converted.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

TO = "to"
MAX_DIGITS = 1000
DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-") | {"\u066b": ".", "\u066c": ",", "\u2019": "'"})
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
SYMBOLS = {
    "US$": "dollar", "$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupee", "₩": "won", "₽": "ruble", "₺": "lira",
    "₪": "shekel", "₫": "dong", "₴": "hryvnia", "%": "percent", "‰": "permille",
}  # fmt: skip
# Units whose case tells them apart, as they are written.
EXACT_UNITS = {
    "A": "ampere", "mW": "milliwatt", "MW": "megawatt", "mPa": "millipascal", "MPa": "megapascal", "mHz": "millihertz", "MHz": "megahertz",
    "mJ": "millijoule", "MJ": "megajoule", "mV": "millivolt", "MV": "megavolt", "Nm": "newtonmeter", "nm": "nanometer",
    "Gb": "gigabit", "Mb": "megabit", "Tb": "terabit",
}  # fmt: skip
UNITS = {
    name: unit
    for unit, names in {
        "percent": "percent|per cent|pct", "dollar": "dollars|dollar|usd", "euro": "euros|euro|eur", "pound": "pounds|pound|lbs|lb|gbp",
        "yen": "yen|jpy", "rupee": "rupees|rupee|inr", "won": "won|krw", "millimeter": "mm|millimeters|millimeter|millimetres|millimetre",
        "centimeter": "cm|centimeters|centimeter|centimetres|centimetre", "meter": "m|meters|meter|metres|metre",
        "kilometer": "km|kilometers|kilometer|kilometres|kilometre", "inch": "inches|inch", "foot": "feet|foot|ft", "mile": "miles|mile|mi",
        "milligram": "mg|milligrams|milligram", "gram": "g|grams|gram", "kilogram": "kg|kilograms|kilogram|kilos|kilo",
        "tonne": "t|tonnes|tonne", "millisecond": "ms|milliseconds|millisecond", "second": "s|seconds|second|secs|sec",
        "minute": "min|minutes|minute|mins", "hour": "h|hours|hour|hrs|hr", "day": "days|day", "week": "weeks|week",
        "month": "months|month", "year": "years|year", "volt": "v|volts|volt", "kilovolt": "kv|kilovolts|kilovolt",
        "millivolt": "millivolts|millivolt", "ampere": "amperes|ampere|amps|amp", "milliampere": "ma|milliamps|milliamp",
        "watt": "w|watts|watt", "kilowatt": "kw|kilowatts|kilowatt", "megawatt": "megawatts|megawatt", "kilowatthour": "kwh",
        "hertz": "hz|hertz", "kilohertz": "khz|kilohertz", "megahertz": "mhz|megahertz", "gigahertz": "ghz|gigahertz",
        "ohm": "ω|ohms|ohm", "pascal": "pa|pascals|pascal", "kilopascal": "kpa|kilopascals|kilopascal",
        "megapascal": "mpa|megapascals|megapascal", "bar": "bars|bar", "psi": "psi", "rpm": "rpm",
        "newtonmeter": "n·m|n m|n-m|newton meters|newton meter|newton metres|newton metre|newtonmeters|newtonmeter",
        "newton": "n|newtons|newton", "nanometer": "nanometers|nanometer|nanometres|nanometre", "joule": "j|joules|joule",
        "kilojoule": "kj|kilojoules|kilojoule", "milliliter": "ml|milliliters|milliliter|millilitres|millilitre",
        "liter": "l|liters|liter|litres|litre", "kilobyte": "kb|kilobytes|kilobyte", "megabyte": "mb|megabytes|megabyte",
        "gigabyte": "gb|gigabytes|gigabyte", "terabyte": "tb|terabytes|terabyte",
        "celsius": "°c|° c|degrees celsius|degree celsius|degrees c|celsius",
        "fahrenheit": "°f|° f|degrees fahrenheit|degree fahrenheit|degrees f|fahrenheit", "kelvin": "kelvin", "degree": "°|degrees|degree",
    }.items()
    for name in names.split("|")
}  # fmt: skip
SCALES = {"thousand": 3, "k": 3, "million": 6, "mio": 6, "m": 6, "billion": 9, "bn": 9, "b": 9, "trillion": 12}
CURRENCY = "|".join(re.escape(symbol) for symbol in SYMBOLS if symbol not in "%‰")
BODY = (
    r"\d+(?:/\d+){1,2}(?![/\d])"  # 1/2, and dates
    r"|\d{1,2}:\d\d(?::\d\d)?(?![:\d])"  # times
    r"|\d+(?:\.\d+){2,7}(?:,\d+)?(?![.,]?\d)"  # versions, dates, addresses, and 1.234.567,8
    r"|[1-9]\d{0,2}(?:,\d{3}){1,7}(?![,\d])(?:\.\d+)?|[1-9]\d{0,2}(?:'\d{3}){1,7}(?!\d)(?:[.,]\d+)?"  # 1,234.5 and 1'234.5
    r"|[1-9]\d?(?:,\d\d){1,7},\d{3}(?![,\d])(?:\.\d+)?"  # 12,34,567
    r"|[1-9]\d{0,2}\.\d{3},\d+(?!\d)"  # 1.234,5
    r"|(?<!\d,)\d+,\d+(?![,\d])"  # 6,5
    r"|\d+\.\d+|\d+|\.\d+"
)
LETTER = "A-Za-z_\u00aa-\u00b4\u00b5-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u052f"
NUMBER = re.compile(
    rf"(?!US\$)[{LETTER}]\w*(?:(?:(?<=\d)[.:/,]|-)\d\w*){{0,8}}"  # words such as v6.5 and F-16, which hold no number
    rf"|(?:(?P<relation>[<>]=?|[≤≥±])\s?)?(?P<sign>(?:(?<![^\s(\[{{=:,;<>≤≥±~≈])|(?<=\d-))[-+]|)"
    rf"(?:(?P<currency>{CURRENCY})\s?(?P<inner>[-+]?))?(?P<body>{BODY})"
    r"(?P<power>(?:[eE][-+]?\d{1,3}|\s?[\u00d7x*]\s?10\^[-+]?\d{1,3})(?!\d)|\^[-+]?\d{1,4}(?!\d)|)"
)
DECADE = re.compile(r"0s\b")
SCALE = re.compile(rf"\s?({'|'.join(name for name in SCALES if len(name) > 1)})\b", re.IGNORECASE)
SHORT_SCALE = re.compile(r"([kmb])\b", re.IGNORECASE)  # of money: £30m
UNIT = re.compile(r"\s?([%‰$€£¥₹₩₽₺₪₫₴]|[°A-Za-zµμΩω·-]+(?: (?:m|c|f|celsius|fahrenheit|meters?|metres?|cent)\b)?)", re.IGNORECASE)
WORD = re.compile(r"\s?([°A-Za-zµμΩω]+)")
RANGE = re.compile(r"\s*[-~]\s*")
GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){2,}(?:,\d+)?")
VALUE = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?|-?\d+/\d+")


@dataclass(frozen=True)
class NumberInText:
    """A number in text, with its sign, power, unit and currency. `ends_range`: a dash joins it to a number before it."""

    start: int
    end: int
    words: tuple[str, ...]
    ends_range: bool


def prepare(text: str) -> str:
    """Return `text` with compatible characters unified, without changing what numbers say."""
    if not text.isascii():
        text = re.sub(r"(?<=\d)[\u00a0\u2007\u2009\u202f](?=\d{3}(?!\d))", "", text)
        text = re.sub(r"(\d?)\s?([¼-¾⅐-⅞])", lambda found: f"{found[1]} {unicodedata.normalize('NFKC', found[2])} ", text)
        text = re.sub(r"(?<=\d)([⁻⁺]?[⁰¹²³⁴-⁹]+)", lambda found: f"^{found[1].translate(SUPERSCRIPTS)}", text)
        text = re.sub(r"(^|\s)\u2212\s+(?=[\d.])", r"\1-", text)
        text = unicodedata.normalize("NFKC", text.translate(DASHES)).replace("\u2044", "/")
        text = "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)
    return re.sub(r"(?i)(?<![\w.])(?:minus|negative)\s+(?=[$€£]?\.?\d)(?<!\d )", "-", text)


def find_numbers(text: str) -> Iterator[NumberInText]:
    """Yield the numbers of prepared text, from left to right."""
    place, end = 0, -1
    while found := NUMBER.search(text, place):
        place = found.end()
        if found["body"]:
            place, words = _read(found, text)
            yield NumberInText(found.start(), place, words, end >= 0 and RANGE.fullmatch(text, end, found.start()) is not None)
            end = place


def _read(found: re.Match[str], text: str) -> tuple[int, tuple[str, ...]]:
    """Return where a number with its unit ends, and its words."""
    body, end = _write_body(found["body"]), found.end()
    scale = SCALE.match(text, end) or (found["currency"] and SHORT_SCALE.match(text, end))
    if scale and VALUE.fullmatch(body) and "/" not in body and not found["power"]:
        body, end = _scale(body, SCALES[scale[1].lower()]), scale.end()
    unit, end = (None, end) if DECADE.match(text, found.end() - 1) else _read_unit(text, end)
    units = tuple(dict.fromkeys(each for each in (SYMBOLS.get(found["currency"] or ""), unit) if each))
    value = _sign(found) + (_trim(body) if units else body) + _write_power(found["power"])
    relation = {"<=": "≤", ">=": "≥"}.get(found["relation"], found["relation"])
    return end, (*([relation] if relation else []), value, *units)


def _sign(found: re.Match[str]) -> str:
    return "-" if "-" in (found["sign"], found["inner"]) else ""


def _write_body(body: str) -> str:
    """Return a number with a point for its decimals and without separators of thousands; dates, times and versions as they are."""
    if GROUPED.fullmatch(body):
        return body.replace(".", "").replace(",", ".")
    if "/" in body or ":" in body or body.count(".") > 1:
        return body
    if re.fullmatch(r"\d+,\d+", body) and not re.fullmatch(r"[1-9]\d{0,2},\d{3}", body):
        return body.replace(",", ".")
    if "." in body and "," in body and body.index(".") < body.index(","):
        return body.replace(".", "").replace(",", ".")
    plain = body.replace("'", "").replace(",", "")
    return f"0{plain}" if plain.startswith(".") else plain


def _write_power(power: str) -> str:
    exponent = re.sub(r"^.*?10\^|^[eE]", "e", power).replace("+", "")
    return re.sub(r"e(-?)0+(?=\d)", r"e\1", exponent)


def _scale(body: str, power: int) -> str:
    return body if len(body) > MAX_DIGITS else _trim(f"{Decimal(body).scaleb(power):f}")


def _trim(body: str) -> str:
    is_decimal = "." in body and body.count(".") == 1
    return body.rstrip("0").rstrip(".") if is_decimal else body


def _read_unit(text: str, start: int) -> tuple[str | None, int]:
    """Return the unit at a place in the text, and where it ends; None if there is none that is known."""
    for pattern in (UNIT, WORD):
        found = pattern.match(text, start)
        if found and not text[found.end() : found.end() + 1].isalnum() and (unit := _find_unit(found[1])):
            return unit, found.end()
    return None, start


def _find_unit(written: str) -> str | None:
    return SYMBOLS.get(written) or EXACT_UNITS.get(written) or UNITS.get(written.casefold())


def parse_value(word: str) -> Decimal | None:
    """Return the value of a word of `words`; None if it is no number, but for example a date, or too long to compute with."""
    if len(word) > MAX_DIGITS or not VALUE.fullmatch(word):
        return None
    above, _, below = word.partition("/")
    if not below:
        return Decimal(word)
    return Decimal(above) / Decimal(below) if int(below) else None
