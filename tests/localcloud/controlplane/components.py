# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The command lines of a cluster's processes: no more than EKS shows its users, and small."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from localcloud.controlplane.binaries import api_server, versions

KWOK_CONFIGURATION = Path(__file__).with_name("kwok.yaml")
# EKS takes this or 10.100.0.0/16, whichever does not overlap with the VPC.
SERVICE_CIDR = "172.20.0.0/16"
POD_CIDR = "100.64.0.1/16"
# The webhook admission plugins would call pods, and no pod really runs here: each such call would fail. The node plugin
# taints nodes until node-lifecycle-controller clears them, which kwok makes needless.
DISABLED_ADMISSION = ("MutatingAdmissionWebhook", "ValidatingAdmissionWebhook", "TaintNodesByCondition")
CONTROLLERS = (
    "clusterrole-aggregation-controller",
    "cronjob-controller",
    "daemonset-controller",
    "deployment-controller",
    "disruption-controller",
    "endpoints-controller",
    "endpointslice-controller",
    "garbage-collector-controller",
    "horizontal-pod-autoscaler-controller",
    "job-controller",
    "namespace-controller",
    "persistentvolume-binder-controller",
    "persistentvolume-protection-controller",
    "persistentvolumeclaim-protection-controller",
    "pod-garbage-collector-controller",
    "replicaset-controller",
    "resourcequota-controller",
    "root-ca-certificate-publisher-controller",
    "serviceaccount-controller",
    "serviceaccount-token-controller",
    "statefulset-controller",
    "taint-eviction-controller",
    "ttl-after-finished-controller",
    "validatingadmissionpolicy-status-controller",
)


@dataclass(frozen=True)
class Programs:
    """One cluster at one version. ``files`` holds its keys, certificates and configuration files."""

    binaries: Path
    files: Path
    version: str
    issuer: str

    def api_server(self, port: int, etcd: str, prefix: str) -> list[str | Path]:
        def file(name: str) -> Path:
            return self.files / name

        dedicated = self.binaries / api_server(self.version)
        return [
            *([dedicated] if dedicated.exists() else [self.binaries / "kube-apiserver", *self._emulation()]),
            "--bind-address=127.0.0.1",
            # Never used: endpoints are not reconciled. The default fails on a machine without a network.
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
            f"--secure-port={port}",
            "--permit-port-sharing",  # the port is already bound, see Port
            f"--tls-cert-file={file('apiserver.crt')}",
            f"--tls-private-key-file={file('apiserver.key')}",
            f"--client-ca-file={file('ca.crt')}",
            f"--etcd-servers={etcd}",
            f"--etcd-prefix={prefix}",
            f"--service-cluster-ip-range={SERVICE_CIDR}",
            f"--service-account-key-file={file('sa.pub')}",
            f"--service-account-signing-key-file={file('sa.key')}",
            f"--service-account-issuer={self.issuer}",
            f"--service-account-jwks-uri={self.issuer}/keys",
            f"--authentication-token-webhook-config-file={file('authenticate.kubeconfig')}",
            "--authentication-token-webhook-version=v1",
            "--authentication-token-webhook-cache-ttl=0s",
            "--authorization-mode=Node,RBAC,Webhook",
            f"--authorization-webhook-config-file={file('authorize.kubeconfig')}",
            "--authorization-webhook-version=v1",
            "--authorization-webhook-cache-authorized-ttl=0s",
            "--authorization-webhook-cache-unauthorized-ttl=0s",
            f"--disable-admission-plugins={','.join(DISABLED_ADMISSION)}",
            "--allow-privileged=true",
            "--profiling=false",
        ]

    def controller_manager(self, kubeconfig: Path) -> list[str | Path]:
        return [
            self.binaries / "kube-controller-manager",
            f"--kubeconfig={kubeconfig}",
            f"--controllers={','.join(CONTROLLERS)}",
            f"--root-ca-file={self.files / 'ca.crt'}",
            f"--service-account-private-key-file={self.files / 'sa.key'}",
            "--leader-elect=false",
            "--secure-port=0",
            "--kube-api-qps=200",
            "--kube-api-burst=400",
            "--profiling=false",
            *self._emulation(),
        ]

    def scheduler(self, kubeconfig: Path) -> list[str | Path]:
        return [
            self.binaries / "kube-scheduler",
            f"--kubeconfig={kubeconfig}",
            "--leader-elect=false",
            "--secure-port=0",
            "--profiling=false",
            *self._emulation(),
        ]

    def kwok(self, kubeconfig: Path) -> list[str | Path]:
        """Also writes its configuration file, whose load balancers live in the cluster's region."""
        region = re.search(r"[a-z]{2}(-[a-z]+)+-\d", self.issuer)
        configuration = Template(KWOK_CONFIGURATION.read_text(encoding="utf-8"))
        file = self.files / "kwok.yaml"
        file.write_text(configuration.substitute(region=region[0] if region else "us-east-1"), encoding="utf-8")
        return [
            self.binaries / "kwok",
            f"--kubeconfig={kubeconfig}",
            f"--config={file}",
            f"--cidr={POD_CIDR}",
            "--manage-all-nodes",
            "--node-lease-duration-seconds=0",  # nobody looks at leases
        ]

    def _emulation(self) -> list[str]:
        """Programs run at their own version without this flag."""
        own = versions(self.binaries)[-1]
        return [] if self.version == own else [f"--emulated-version={self.version}"]
