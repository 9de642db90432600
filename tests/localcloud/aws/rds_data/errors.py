# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The Data API's exceptions:
https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_ExecuteStatement.html.
"""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class DataApiError(ServiceException):
    """Any of them, by its name: the status is the model's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
