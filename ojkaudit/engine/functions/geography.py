"""Distance on the globe, and whether a place lies on Indonesian land."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from ojkaudit.model import geography, geography_east

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, IUGG."""

Corner = tuple[float, float]
"""Longitude and latitude in degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """One closed outline with the box around it."""

    name: str
    west: float
    south: float
    east: float
    north: float
    corners: tuple[Corner, ...]


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Return the great-circle distance of two places in kilometres (haversine).

    Raises:
        ValueError: A coordinate is not on the globe.
    """
    _check(lat_a, lon_a)
    _check(lat_b, lon_b)
    north = math.radians(lat_b - lat_a)
    east = math.radians(lon_b - lon_a)
    shrink = math.cos(math.radians(lat_a)) * math.cos(math.radians(lat_b))
    chord = math.sin(north / 2) ** 2 + shrink * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def in_indonesia(lat: float, lon: float) -> bool:
    """Return whether a place lies on Indonesian land, by the outline in `model.geography`.

    Raises:
        ValueError: The coordinates are not on the globe.
    """
    _check(lat, lon)
    return any(_holds(ring, lat, lon) for ring in land())


@cache
def land() -> tuple[Ring, ...]:
    """Return every ring of the outline."""
    groups = (
        geography.SUMATRA,
        geography.JAVA,
        geography.NUSA_TENGGARA,
        geography_east.KALIMANTAN,
        geography_east.SULAWESI,
        geography_east.MALUKU,
        geography_east.PAPUA,
    )
    return tuple(_ring(name, text) for group in groups for name, text in group.items())


def _ring(name: str, text: str) -> Ring:
    corners = tuple(_corner(pair) for pair in text.split(","))
    longitudes = [lon for lon, _ in corners]
    latitudes = [lat for _, lat in corners]
    return Ring(
        name=name,
        west=min(longitudes),
        south=min(latitudes),
        east=max(longitudes),
        north=max(latitudes),
        corners=corners,
    )


def _corner(pair: str) -> Corner:
    lon, lat = pair.split()
    return float(lon), float(lat)


def _holds(ring: Ring, lat: float, lon: float) -> bool:
    """Return whether a ray eastward from the place crosses the ring an odd number of times."""
    if not (ring.south <= lat <= ring.north and ring.west <= lon <= ring.east):
        return False
    inside = False
    previous_lon, previous_lat = ring.corners[-1]
    for corner_lon, corner_lat in ring.corners:
        if (corner_lat > lat) != (previous_lat > lat):
            slope = (previous_lon - corner_lon) / (previous_lat - corner_lat)
            if lon < corner_lon + (lat - corner_lat) * slope:
                inside = not inside
        previous_lon, previous_lat = corner_lon, corner_lat
    return inside


def _check(lat: float, lon: float) -> None:
    # Written so that a value that is not a number fails too.
    if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
        raise ValueError("coordinates outside of the globe (latitude ±90, longitude ±180)")
