"""Money is an integer of minor units beside an ISO 4217 code; Decimal only at the edge, never float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, Double, case, cast, literal_column

# ISO 4217: the codes in use.
CURRENCIES = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
    CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD
    HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN
    PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD
    TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD
    XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG
    """.split()
)

# ISO 4217: codes whose exponent is not USUAL_PLACES.
_EXPONENTS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}

USUAL_PLACES = 2


def exponent(currency: str) -> int:
    """Returns how many decimal places `currency` (ISO 4217) has."""
    return _EXPONENTS.get(currency, USUAL_PLACES)


def unusual_currencies() -> dict[int, tuple[str, ...]]:
    """Returns the currencies (ISO 4217) whose number of decimal places is not USUAL_PLACES, by that number."""
    return {
        places: tuple(code for code, own in _EXPONENTS.items() if own == places) for places in {*_EXPONENTS.values()}
    }


def to_minor(amount: Decimal | str, currency: str) -> int:
    """Returns `amount` in minor units, rounded half up. Raises ValueError for what is not a finite amount."""
    try:
        value = Decimal(amount)
    except InvalidOperation as error:
        raise ValueError(f"{amount!r} is not an amount") from error
    if not value.is_finite():
        raise ValueError(f"{amount!r} is not an amount")
    return int(value.scaleb(exponent(currency)).to_integral_value(ROUND_HALF_UP))


def to_decimal(minor: int, currency: str) -> Decimal:
    """Returns minor units as an exact Decimal with the currency's places: 1050 EUR is Decimal("10.50")."""
    return Decimal(minor).scaleb(-exponent(currency))


def split(minor: int, parts: int) -> list[int]:
    """Returns `parts` instalments that sum exactly to `minor`; the remainder goes to the first."""
    share, rest = divmod(minor, parts)
    return [share + rest, *[share] * (parts - 1)]


def amount(minor: ColumnElement[Any], currency: ColumnElement[Any] | None) -> ColumnElement[Any]:
    """Returns minor units as the amount that people see, so that 1,000 JPY comes after 999.00 EUR.

    It is written without parameters: so it is recognised as the expression of an index.
    """
    units: ColumnElement[Any] = _number(10.0**USUAL_PLACES)
    if currency is not None:
        # One code after the other: SQLite would put the list of an IN together again at each row that it indexes.
        unusual = {_code(code): _number(10.0**places) for code, places in sorted(_EXPONENTS.items())}
        units = case(unusual, value=currency, else_=units)
    return cast(minor, Double()) / units


def _code(currency: str) -> ColumnElement[str]:
    return literal_column(f"'{currency}'")


def _number(number: float) -> ColumnElement[float]:
    return literal_column(str(number), Double())
