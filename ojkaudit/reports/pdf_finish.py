"""Finish a PDF before it is signed: declare PDF/UA, and repack it so that it is cheap to check."""

from __future__ import annotations

from io import BytesIO

from ojkaudit.errors import RenderError

# PDF/A allows only predefined metadata; the schema of `pdfuaid` has to be described beside it,
# inside the existing rdf:RDF (validators ignore a second one).
_UA = """<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_END = b"</rdf:RDF>"


def finish(data: bytes) -> bytes:
    """Return the PDF with PDF/UA-1 declared and its objects repacked.

    WeasyPrint writes one giant object stream, which every check of a signature parses again for
    each object; streams of a hundred objects make that check about nine times cheaper.

    Raises:
        RenderError: The file carries no metadata, so it is not the PDF/A it should be.
    """
    from pikepdf import Array, Dictionary, ObjectStreamMode, Pdf

    with Pdf.open(BytesIO(data)) as pdf:
        if "/Metadata" not in pdf.Root:
            raise RenderError("the PDF carries no metadata", hint="Reinstall weasyprint.")
        metadata = pdf.Root.Metadata.read_bytes()
        if metadata.count(_END) != 1:
            raise RenderError(
                "the PDF's metadata has an unknown form", hint="Reinstall weasyprint."
            )
        pdf.Root.Metadata.write(metadata.replace(_END, _UA.encode("ascii") + _END))
        # PDF/UA: the window shows the title, not the name of the file.
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        # WeasyPrint lists the embedded file twice.
        pdf.Root.AF = Array({item.objgen: item for item in pdf.Root.AF}.values())
        target = BytesIO()
        pdf.save(
            target,
            deterministic_id=True,
            object_stream_mode=ObjectStreamMode.generate,
            fix_metadata_version=False,
        )
    return target.getvalue()
