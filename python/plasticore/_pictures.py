"""The pictures that ``plasticore report --svg`` writes."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator, Mapping
from pathlib import Path

from ._command import Command, call
from ._options import PathLike, Scratch


class Picture:
    """A picture of the report page. In a notebook it shows itself.

    Attributes
    ----------
    name : str
        Its name, such as ``'confusion-1'``.
    svg : str
        The picture.
    """

    def __init__(self, name: str, svg: str) -> None:
        self.name = name
        self.svg = svg

    def save(self, path: PathLike) -> None:
        """Writes the picture as an SVG file."""
        Path(path).write_text(self.svg, encoding='utf-8')

    def __repr__(self) -> str:
        return f'<Picture {self.name}>'

    def _repr_svg_(self) -> str:
        return self.svg

    def image(self) -> str:
        """The picture as an element of HTML, with its name.

        It is an image, since ids of pictures in one page may be the same; and white, since its texts are dark.
        """
        data = base64.b64encode(self.svg.encode()).decode()
        name = html.escape(self.name)
        return (
            '<figure style="display: inline-block; margin: 0 1em 1em 0">'
            f'<img alt="{name}" style="background: white" src="data:image/svg+xml;base64,{data}">'
            f'<figcaption>{name}</figcaption></figure>'
        )


class Pictures(Mapping[str, Picture]):
    """The pictures of a folder of results by name, and the page that has them all.

    Parameters
    ----------
    folder : path
        The folder of a run or a sweep.
    """

    def __init__(self, folder: PathLike, command: Command = None) -> None:
        scratch = Scratch()
        page = scratch.path / 'report.html'
        figures = scratch.path / 'figures'
        call(['report', str(folder), f'--out={page}', f'--svg={figures}'], command)
        self.page = page.read_text(encoding='utf-8')
        self._all = {
            path.stem: Picture(path.stem, path.read_text(encoding='utf-8')) for path in sorted(figures.glob('*.svg'))
        }

    def __getitem__(self, name: str) -> Picture:
        try:
            return self._all[name]
        except KeyError:
            raise KeyError(f"no picture '{name}'; there are {', '.join(self._all)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def _repr_html_(self) -> str:
        return ''.join(picture.image() for picture in self._all.values())
