"""Distances, and the land of Indonesia."""

from __future__ import annotations

import math

import pytest

from ojkaudit.engine.functions.geography import Ring, distance_km, in_indonesia, land

# Latitude and longitude of city centres, rounded to about a kilometre.
INSIDE = {
    "Sabang": (5.89, 95.32),
    "Banda Aceh": (5.55, 95.32),
    "Lhokseumawe": (5.18, 97.15),
    "Medan": (3.59, 98.67),
    "Gunungsitoli": (1.29, 97.61),
    "Padang": (-0.95, 100.35),
    "Tua Pejat": (-2.03, 99.58),
    "Pekanbaru": (0.51, 101.45),
    "Dumai": (1.67, 101.45),
    "Batam": (1.13, 104.05),
    "Nongsa": (1.19, 104.10),
    "Tanjung Pinang": (0.92, 104.45),
    "Tanjung Balai Karimun": (1.00, 103.42),
    "Ranai": (3.94, 108.38),
    "Jambi": (-1.61, 103.61),
    "Palembang": (-2.98, 104.75),
    "Pangkal Pinang": (-2.13, 106.11),
    "Tanjung Pandan": (-2.74, 107.63),
    "Bengkulu": (-3.80, 102.26),
    "Bandar Lampung": (-5.43, 105.26),
    "Serang": (-6.12, 106.15),
    "Jakarta": (-6.18, 106.83),
    "Tanjung Priok": (-6.11, 106.88),
    "Bekasi": (-6.24, 106.99),
    "Cikarang": (-6.31, 107.15),
    "Bandung": (-6.91, 107.61),
    "Semarang": (-6.97, 110.42),
    "Yogyakarta": (-7.80, 110.37),
    "Surabaya": (-7.26, 112.75),
    "Sumenep": (-7.01, 113.86),
    "Banyuwangi": (-8.21, 114.37),
    "Denpasar": (-8.66, 115.22),
    "Mataram": (-8.58, 116.12),
    "Bima": (-8.46, 118.73),
    "Labuan Bajo": (-8.49, 119.88),
    "Ende": (-8.84, 121.66),
    "Waingapu": (-9.66, 120.26),
    "Kupang": (-10.17, 123.60),
    "Atambua": (-9.11, 124.89),
    "Kefamenanu": (-9.45, 124.48),
    "Pontianak": (-0.03, 109.33),
    "Singkawang": (0.91, 108.98),
    "Palangka Raya": (-2.21, 113.92),
    "Banjarmasin": (-3.32, 114.59),
    "Balikpapan": (-1.27, 116.83),
    "Samarinda": (-0.50, 117.15),
    "Tarakan": (3.30, 117.63),
    "Nunukan": (4.13, 117.66),
    "Long Bawan": (3.90, 115.69),
    "Manado": (1.49, 124.84),
    "Tahuna": (3.61, 125.49),
    "Gorontalo": (0.54, 123.06),
    "Palu": (-0.90, 119.87),
    "Makassar": (-5.14, 119.42),
    "Kendari": (-3.97, 122.51),
    "Ternate": (0.79, 127.38),
    "Ambon": (-3.70, 128.18),
    "Tual": (-5.63, 132.75),
    "Saumlaki": (-7.97, 131.30),
    "Sorong": (-0.88, 131.26),
    "Manokwari": (-0.86, 134.07),
    "Biak": (-1.18, 136.08),
    "Timika": (-4.54, 136.89),
    "Jayapura": (-2.53, 140.72),
    "Merauke": (-8.49, 140.40),
}
OUTSIDE = {
    "Singapore": (1.29, 103.85),
    "Jurong Island": (1.27, 103.70),
    "Sentosa": (1.25, 103.83),
    "Changi": (1.35, 103.99),
    "Johor Bahru": (1.49, 103.74),
    "Pengerang": (1.37, 104.11),
    "Cyberjaya": (2.92, 101.65),
    "Kuala Lumpur": (3.14, 101.69),
    "Melaka": (2.19, 102.25),
    "Port Dickson": (2.52, 101.80),
    "Penang": (5.41, 100.33),
    "Kuching": (1.55, 110.34),
    "Lundu": (1.67, 109.85),
    "Serian": (1.17, 110.57),
    "Lubok Antu": (1.04, 111.83),
    "Bario": (3.74, 115.47),
    "Tawau": (4.25, 117.89),
    "Kota Kinabalu": (5.98, 116.07),
    "Bandar Seri Begawan": (4.89, 114.94),
    "Dili": (-8.56, 125.58),
    "Pante Macassar": (-9.20, 124.36),
    "Maliana": (-8.99, 125.22),
    "Suai": (-9.31, 125.26),
    "Atauro": (-8.27, 125.58),
    "Vanimo": (-2.68, 141.30),
    "Daru": (-9.08, 143.21),
    "Port Moresby": (-9.44, 147.18),
    "Davao": (7.07, 125.61),
    "General Santos": (6.11, 125.17),
    "Koror": (7.34, 134.48),
    "Flying Fish Cove, Christmas Island": (-10.42, 105.68),
    "Darwin": (-12.46, 130.84),
    "Bangkok": (13.76, 100.50),
    "Hong Kong": (22.30, 114.17),
    "Sydney": (-33.87, 151.21),
    "nowhere": (0.0, 0.0),
    "the Java Sea": (-4.9, 110.5),
    "the Banda Sea": (-6.0, 127.0),
    "the Indian Ocean": (-9.5, 108.0),
}


@pytest.mark.parametrize("city", INSIDE)
def test_cities_of_indonesia_are_inside(city: str) -> None:
    assert in_indonesia(*INSIDE[city])


@pytest.mark.parametrize("place", OUTSIDE)
def test_neighbours_and_the_sea_are_outside(place: str) -> None:
    assert not in_indonesia(*OUTSIDE[place])


def test_swapped_coordinates_are_outside() -> None:
    for lat, lon in INSIDE.values():
        if abs(lon) <= 90:
            assert not in_indonesia(lon, lat)


@pytest.mark.parametrize("place", [(91.0, 0.0), (0.0, 181.0), (math.nan, 0.0), (0.0, math.inf)])
def test_what_is_not_on_the_globe_is_an_error(place: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="globe"):
        in_indonesia(*place)
    with pytest.raises(ValueError, match="globe"):
        distance_km(*place, 0.0, 0.0)


def square_km(ring: Ring) -> float:
    pairs = zip(ring.corners, (*ring.corners[1:], ring.corners[0]), strict=True)
    degrees = abs(sum((x2 - x1) * (y1 + y2) / 2 for (x1, y1), (x2, y2) in pairs))
    return degrees * 111.19**2 * math.cos(math.radians((ring.north + ring.south) / 2))


@pytest.mark.parametrize(
    ("name", "area"),
    [("Sumatra", 443_000), ("Java", 129_000), ("Kalimantan", 540_000), ("Papua", 412_000)],
)
def test_the_outline_is_about_as_large_as_the_land(name: str, area: int) -> None:
    ring = next(ring for ring in land() if ring.name == name)
    assert area < square_km(ring) < 1.25 * area


def test_every_ring_is_simple() -> None:
    """A ring that crosses itself would have holes nobody drew."""
    for ring in land():
        corners = ring.corners
        edges = list(zip(corners, (*corners[1:], corners[0]), strict=True))
        for i, first in enumerate(edges):
            for second in edges[i + 2 :]:
                if first[0] != second[1]:
                    assert not _cross(first, second), (ring.name, first, second)


Edge = tuple[tuple[float, float], tuple[float, float]]


def _cross(first: Edge, second: Edge) -> bool:
    def side(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    (a, b), (c, d) = first, second
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


@pytest.mark.parametrize(
    ("first", "second", "km"),
    [
        (INSIDE["Jakarta"], INSIDE["Surabaya"], 664),
        (INSIDE["Jakarta"], OUTSIDE["Singapore"], 894),
        (INSIDE["Sabang"], INSIDE["Merauke"], 5240),
        (INSIDE["Jakarta"], INSIDE["Jakarta"], 0),
        ((0.0, 0.0), (0.0, 180.0), 20015),
    ],
)
def test_distances_are_great_circles(
    first: tuple[float, float], second: tuple[float, float], km: int
) -> None:
    assert distance_km(*first, *second) == pytest.approx(km, rel=0.01, abs=0.001)
    assert distance_km(*second, *first) == pytest.approx(distance_km(*first, *second))
