# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who does the work of Helm: the library, or an executable."""

from __future__ import annotations

import shutil

from ...engine.errors import KeelsonError
from .executable import HelmExecutable
from .interface import Helm
from .library import HelmLibrary


def open_helm(executable: str | None = None) -> Helm:
    """The executable that is named, else the library where it can be loaded, else the ``helm`` in the PATH.

    The library holds a Go runtime, which does not survive a fork: this is called where the work is done, never before.
    """
    if executable:
        return HelmExecutable(executable)
    try:
        return HelmLibrary()
    except ImportError as error:
        if found := shutil.which("helm"):
            return HelmExecutable(found)
        raise KeelsonError(
            f"the Python library helm-python-sdk, or helm 4 in the PATH, is required: {error}"
        ) from error
