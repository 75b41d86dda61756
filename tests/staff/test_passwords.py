"""Which passwords are refused, and how the others are stored."""

from __future__ import annotations

import pytest

from backoffice.staff.passwords import hash_password, objection, verify

OWN = ["registrar", "maria.lopez@example.org", "María López", "Course platform"]


@pytest.mark.parametrize(
    "password",
    ["password", "12345678", "qwertyuiop", "Passw0rd!", "butterfly", "iloveyou1", "aaaaaaaaaaaaaaaa", "1q2w3e4r5t"],
)
def test_what_attackers_try_first_is_refused(password: str) -> None:
    assert objection(password) is not None


@pytest.mark.parametrize(
    "password", ["Registrar2026!", "maria.lopez", "marialopez1", "Course-Platform-1", "example.org"]
)
def test_the_words_of_ones_own_context_are_refused(password: str) -> None:
    assert objection(password, OWN) is not None


@pytest.mark.parametrize(
    "password",
    [
        "orchid tram ninety lanterns",
        "qvMz-71xPw",
        "пять тихих камней",
        "🦊🐝🍋🚲🎻🧊🪁🥁",
        "x" * 20 + "orchid tram" * 6,
        " orchid tram lanterns ",
    ],
)
def test_any_composition_is_allowed(password: str) -> None:
    assert objection(password, OWN) is None


@pytest.mark.parametrize(("length", "fine"), [(7, False), (8, True), (64, True), (256, True), (257, False)])
def test_a_password_has_8_to_256_characters(length: int, fine: bool) -> None:
    password = ("kv9#Tz!w" * 33)[: length - 1] + "ä"
    assert (objection(password) is None) == fine


def test_a_password_is_stored_as_argon2id_and_compared_to_its_last_character(true_hashing: None) -> None:
    long = "orchid tram ninety lanterns " * 5
    stored = hash_password(long)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert stored != hash_password(long)
    assert verify(stored, long)
    assert not verify(stored, long[:-1])


def test_two_spellings_of_the_same_letters_are_one_password() -> None:
    assert verify(hash_password("caf\u00e9 lanterns"), "cafe\u0301 lanterns")


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$m=19456,t=2,p=1$broken"])
def test_what_is_no_hash_opens_nothing(stored: str | None) -> None:
    assert not verify(stored, "")
    assert not verify(stored, "orchid tram")
