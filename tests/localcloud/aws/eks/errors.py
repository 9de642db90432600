# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EKS's own exceptions, with the members that botocore's model gives them."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class EksError(ServiceException):
    """Extra members (``clusterName``, ``nodegroupName``, ``addonName``) tell a client which resource was meant."""

    def __init__(self, message: str, **members: str) -> None:
        super().__init__(message)
        for name, value in members.items():
            setattr(self, name, value)


class InvalidParameterException(EksError):
    code = "InvalidParameterException"


class InvalidRequestException(EksError):
    code = "InvalidRequestException"


class InvalidStateException(EksError):
    code = "InvalidStateException"


class ResourceInUseException(EksError):
    code = "ResourceInUseException"


class ResourceNotFoundException(EksError):
    code = "ResourceNotFoundException"


class ResourceLimitExceededException(EksError):
    code = "ResourceLimitExceededException"


class UnsupportedAvailabilityZoneException(EksError):
    code = "UnsupportedAvailabilityZoneException"


class NotFoundException(EksError):
    code = "NotFoundException"


class BadRequestException(EksError):
    code = "BadRequestException"
