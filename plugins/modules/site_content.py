#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module site_content."""

from __future__ import annotations

DOCUMENTATION = r"""
module: site_content
short_description: Publishes a folder as the content of an environment's static site
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Uploads what has changed in a folder to the bucket of the environment's static site, and has CloudFront forget
    exactly what was written over or deleted. When nothing has changed, nothing is uploaded and nothing invalidated.
  - Assets are uploaded before pages, and the site's C(index.html) comes last, so that no page refers to what is not
    there yet. A run that was interrupted is completed by the next one.
  - What is published is on record in the bucket's object C(.keelson/site-content.json). Files that somebody else has
    changed since or deleted are uploaded again. Files that somebody else has added are left alone, unless the site has
    one of the same name.
  - Content types follow from the files' extensions. Text is sent as UTF-8.
  - The folder is one of the machine that the task runs on.
options:
  folder:
    description:
      - The folder that holds the site, with an C(index.html) in it. An absolute path.
      - Links within the folder are published as the files that they lead to. Links out of it, and links
        to folders, are refused.
      - Left out, the content stays as it is.
    type: path
  exclude:
    description:
      - Patterns of files and folders that are not published.
      - A pattern without a slash means names, one with a slash whole paths within the folder; C(*)
        stands for slashes too.
      - The folder C(.well-known) is not hidden by V(.*).
    type: list
    elements: str
    default: [".*", "*.map"]
  content_types:
    description:
      - Content types by pattern, for files whose extension does not tell, or not rightly. The first
        pattern that fits counts.
    type: dict
    default: {}
  cache_control:
    description:
      - Values of the header C(Cache-Control) by pattern. The first pattern that fits counts.
      - Otherwise pages have V(no-cache), files with a digest in their name such as C(app.1a2b3c4d.js)
        V(public, max-age=31536000, immutable), and all others V(public, max-age=300).
    type: dict
    default: {}
  keep_old_days:
    description:
      - Days for which files that are C(immutable) stay after the site has ceased to use them, because pages that
        browsers still show refer to them. All other files are deleted as soon as they are no longer in the folder.
      - V(0) deletes them at once too. CloudFront may still have them for as long as their C(Cache-Control) says.
    type: int
    default: 30
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
notes:
  - O(tags) are not put on the objects, which take ten tags at most.
  - O(wait) is about the invalidation. Uploads are always complete when the module returns.
  - The content is one resource, so that O(prune_limit) does not count its files.
"""

EXAMPLES = r"""
- name: Publish the site
  keelson.eks.site_content:
    platform: innovate
    environment: prod
    folder: "{{ playbook_dir }}/../frontend/dist"

- name: Publish a site whose bundler puts digests into names in a way of its own
  keelson.eks.site_content:
    platform: innovate
    environment: prod
    folder: /srv/builds/site
    cache_control:
      "assets/*": public, max-age=31536000, immutable
      "sw.js": no-cache
    content_types:
      ".well-known/apple-app-site-association": application/json

- name: Remove the content
  keelson.eks.site_content:
    platform: innovate
    environment: dev
    state: absent
"""

RETURN = r"""
uploaded:
  description: The files that were uploaded, or would be in check mode, by their paths within the site.
  returned: when state is present
  type: list
  elements: str
  sample: [app.9f8e7d6c.js, index.html]
retired:
  description: Immutable files that the site has ceased to use, and that stay for O(keep_old_days).
  returned: when state is present
  type: list
  elements: str
  sample: [app.1a2b3c4d.js]
deleted:
  description: The files that were deleted.
  returned: when state is present
  type: list
  elements: str
  sample: [about.html]
invalidated:
  description: The paths that CloudFront was told to forget.
  returned: when state is present
  type: list
  elements: str
  sample: ["/", "/about.html", "/index.html"]
invalidation_reason:
  description: Why CloudFront was told to forget everything instead of each path.
  returned: when it was
  type: str
  sample: 1207 paths have changed, more than the 1000 that CloudFront invalidates at no cost
# What follows is the same for all modules. It is written by make generate from plugins/doc_fragments/common.py.
resources:
  description:
    - All that the component has or had.
    - Each with C(kind), C(key), C(id), C(arn) and the C(action) that was taken, or is planned - V(none), V(create),
      V(update), V(replace), V(delete) or V(wait).
  returned: always
  type: list
  elements: dict
  sample: [{kind: LogGroup, key: flow-logs, id: /aws/vpc/innovate-prod/flow-logs, action: none}]
pending:
  description:
    - What is still under way, and what is left to a later call because it comes after that, each with the reason.
  returned: when there is anything
  type: list
  elements: str
  sample: ["create OidcProvider innovate-dev: Cluster innovate-dev is pending: its status is CREATING"]
awaited:
  description:
    - What another role has yet to make, and that role's name. Where it is missing, only check mode goes on.
  returned: when there is anything
  type: list
  elements: str
  sample: ["Vpc main: made by the role network"]
gone:
  description:
    - What was deleted and is gone.
  returned: when there is anything
  type: list
  elements: str
  sample: [LogGroup flow-logs]
scheduled:
  description:
    - What will be gone later, and until when that can be called off.
  returned: when there is anything
  type: list
  elements: str
  sample: ["Key logs: deleted on 2026-12-21"]
retained:
  description:
    - What O(state=absent) has left because the options say so, such as a bucket or a last snapshot.
  returned: when there is anything
  type: list
  elements: str
  sample: [Bucket logs]
done:
  description:
    - What was done before something failed.
  returned: on failure, when the plan was begun
  type: list
  elements: str
  sample: [create Vpc main]
"""

from ansible_collections.keelson.eks.plugins.module_utils.components.edge.site_content import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
