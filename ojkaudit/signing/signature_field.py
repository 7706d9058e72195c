"""Put an empty, tagged signature field into a PDF, so that signing keeps PDF/A and PDF/UA."""

from __future__ import annotations

from typing import Any

from ojkaudit.signing.roles import Role

_PRINT_AND_LOCKED = 4 + 128
"""Annotation flags, ISO 32000-2 table 167; PDF/A demands Print."""

_SIGNATURES_EXIST = 1
"""AcroForm SigFlags, ISO 32000-2 table 225."""


def add_signature_field(document: Any, role: Role) -> None:
    """Add an invisible field for `role` to the first page of the pikepdf `document`."""
    import pikepdf
    from pikepdf import Array, Dictionary, Name

    page = document.pages[0].obj
    label = pikepdf.String(f"{role.label.id} / {role.label.en}")
    appearance = pikepdf.Stream(
        document, b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 0, 0]
    )
    widget = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=pikepdf.String(role.field),
            TU=label,
            F=_PRINT_AND_LOCKED,
            Rect=[0, 0, 0, 0],
            P=page,
            AP=Dictionary(N=document.make_indirect(appearance)),
        )
    )
    page.Annots = Array([*page.get("/Annots", []), widget])
    page.Tabs = Name.S
    form = document.Root.get("/AcroForm", Dictionary(Fields=[]))
    form.Fields = Array([*form.get("/Fields", []), widget])
    form.SigFlags = _SIGNATURES_EXIST
    document.Root.AcroForm = document.make_indirect(form)
    if "/StructTreeRoot" in document.Root:
        _tag(document, page, widget, label)


def _tag(document: Any, page: Any, widget: Any, label: Any) -> None:
    from pikepdf import Array, Dictionary, Name, NumberTree

    root = document.Root.StructTreeRoot
    if "/ParentTree" not in root:
        root.ParentTree = NumberTree.new(document).obj
    parents = NumberTree(root.ParentTree)
    number = max((*parents.keys(), int(root.get("/ParentTreeNextKey", 0)) - 1, -1)) + 1
    parent = _document_element(root)
    element = document.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=parent,
            Pg=page,
            Alt=label,
            # The reference itself, not a list of one: with a list pyHanko calls an earlier
            # signature altered as soon as the next person signs.
            K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page),
        )
    )
    kids = parent.get("/K", Array())
    parent.K = Array([*kids, element]) if isinstance(kids, Array) else Array([kids, element])
    widget.StructParent = number
    parents[number] = element
    root.ParentTreeNextKey = number + 1


def _document_element(root: Any) -> Any:
    from pikepdf import Array, Dictionary, Name

    kids = root.get("/K", Array())
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and kid.get("/S") == Name.Document:
            return kid
    return root
