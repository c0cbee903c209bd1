"""The codes that a premium depends on, as in the fields product, deductible, payment_frequency."""

from __future__ import annotations

from typing import Literal, get_args

Cover = Literal["jurverein", "vereins_rechtsschutz"]
Product = Literal["jurverein", "vereins_rechtsschutz", "membership_only"]
Deductible = Literal["falling_1000_300", "flex_800_400", "flex_600_300", "fixed_350"]
Frequency = Literal["annual", "semiannual", "quarterly", "monthly"]
Item = Literal["membership", "jurverein", "vereins_rechtsschutz"]

COVERS: tuple[Cover, ...] = get_args(Cover)
PRODUCTS: tuple[Product, ...] = get_args(Product)
DEDUCTIBLES: tuple[Deductible, ...] = get_args(Deductible)
FREQUENCIES: tuple[Frequency, ...] = get_args(Frequency)
