from __future__ import annotations

import numpy as np

from docgrid.synth.forms import filled_form


def test_a_form_follows_from_its_generator_and_no_two_are_alike() -> None:
    first, again = filled_form(np.random.default_rng(1)), filled_form(np.random.default_rng(1))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first.picture, filled_form(np.random.default_rng(2)).picture)


def test_the_mask_is_where_there_is_ink_and_the_picture_is_darker_there_than_its_template() -> None:
    for seed in range(20):
        form = filled_form(np.random.default_rng(seed), size=64)
        assert form.picture.shape == (6, 64, 64)
        assert form.picture.dtype == form.mask.dtype == form.ink.dtype == np.float32
        assert np.array_equal(form.mask == 1, form.ink > 0.25)
        assert form.picture.min() >= 0
        assert form.picture.max() <= 1
        strong = form.ink > 0.5
        if strong.sum() > 20:
            assert form.picture[:3][:, strong].mean() < form.picture[3:][:, strong].mean() - 0.1
