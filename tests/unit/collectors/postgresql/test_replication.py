"""Replication rows."""

from __future__ import annotations

from ojkaudit.collectors.postgresql.replication import replication_rows, slot_rows, wal_receiver

SLOTS = [
    {"slot_name": "bukit_tenang", "slot_type": "physical", "active_pid": 11},
    {"slot_name": "cdc", "slot_type": "logical", "active_pid": 12},
    {"slot_name": "lama", "slot_type": "logical", "active_pid": None},
]


def test_a_sender_on_a_logical_slot_is_logical() -> None:
    senders = [
        {"pid": 11, "application_name": "bukit_tenang", "replay_lag_seconds": None},
        {"pid": 12, "application_name": "cdc", "client_addr": None},
    ]
    physical, logical = replication_rows(senders, SLOTS)
    assert physical == {"application_name": "bukit_tenang", "logical": False}
    assert logical == {"application_name": "cdc", "logical": True}


def test_a_sender_without_slot_is_physical() -> None:
    assert replication_rows([{"pid": 99}], SLOTS) == [{"logical": False}]


def test_an_idle_logical_slot_claims_no_sender() -> None:
    assert replication_rows([{"pid": None}], SLOTS) == [{"logical": False}]


def test_slots_do_not_name_their_process() -> None:
    assert slot_rows(SLOTS)[0] == {"slot_name": "bukit_tenang", "slot_type": "physical"}


def test_wal_receiver_keeps_the_mode_and_drops_the_string() -> None:
    row = {
        "status": "streaming",
        "sender_host": "10.1.0.5",
        "sender_port": 5432,
        "conninfo": "user=replikasi password=rahasia host=10.1.0.5 sslmode=verify-full",
    }
    receiver = wal_receiver([row])
    assert receiver["sslmode"] == "verify-full"
    assert receiver["conninfo_keys"] == ["host", "password", "sslmode", "user"]
    assert "rahasia" not in str(receiver)
    assert "conninfo" not in receiver


def test_hidden_or_broken_conninfo_gives_no_mode() -> None:
    assert wal_receiver([{"status": "streaming", "conninfo": None}]) == {"status": "streaming"}
    assert wal_receiver([{"status": "streaming", "conninfo": "???"}]) == {"status": "streaming"}


def test_no_receiver_is_said_to_be_none() -> None:
    assert wal_receiver([]) == {"status": "none"}
