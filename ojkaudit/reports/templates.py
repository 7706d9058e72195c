"""The one door to Jinja2: templates that escape everything and refuse gaps."""

from __future__ import annotations

from collections.abc import Mapping

from ojkaudit import resources
from ojkaudit.errors import RenderError


def fill(name: str, values: Mapping[str, object], *, markup: bool) -> str:
    """Return the template `name` filled with `values`.

    Args:
        name: File in `report_templates/`.
        values: What the template may place; a name it does not find stops the rendering.
        markup: True for HTML, where every value is escaped; False for plain text.

    Raises:
        RenderError: The shipped template is broken.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

    # Not select_autoescape(): it goes by the suffix, and is off for `report.html.j2`.
    environment = Environment(
        loader=FileSystemLoader(resources.data_dir("report_templates")),
        autoescape=markup,  # noqa: S701 - off only for plain text, which knows no markup
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    try:
        return environment.get_template(name).render(values)
    except TemplateError as error:
        raise RenderError(f"{name}: {error}", hint="Reinstall ojkaudit.") from error
