import { recipeFolder } from "./workshop.ts";

const hook = (...lines: readonly string[]): string => ["#!/bin/sh", "set -eu", 'cd "$1"', ...lines, ""].join("\n");

/** What must be so in the booted system, as shell commands. */
export const fourLayerChecks = [
  "test ! -e /opt/deleted && test ! -e /opt/kept/deleted && test -e /opt/kept/file",
  'test "$(ls -A /opt/replaced)" = new',
  "test -f /opt/became-a-file && test -d /opt/became-a-folder/in",
  'test "$(cat /opt/renamed/sub/file)" = moved && test ! -e /opt/name',
  'test "$(stat -c %a:%u:%g /opt/renamed/sub/file)" = 640:0:4',
  "/usr/sbin/getcap /usr/local/bin/probe | grep -q cap_net_raw=ep && /usr/local/bin/probe",
  'test "$(stat -c %h /opt/linked-a)" = 2',
];

/** A recipe whose four layers delete, replace, rename and give capabilities to what lies below them. */
export const fourLayers = (): ReturnType<typeof recipeFolder> =>
  recipeFolder({
    "recipe.yaml": [
      "name: four-layers",
      "extends: minimal",
      "layers:",
      "  - { name: things, packages: [libcap2-bin], hooks: [hooks/things] }",
      "  - { name: deletes, hooks: [hooks/deletes] }",
      "  - { name: replaces, hooks: [hooks/replaces] }",
      "  - { name: renames, hooks: [hooks/renames] }",
      `checks: ${JSON.stringify(fourLayerChecks)}`,
      "",
    ].join("\n"),
    "hooks/things": hook(
      "mkdir -p opt/kept opt/replaced/sub opt/name/sub opt/became-a-file/x",
      "for it in deleted kept/file kept/deleted replaced/old replaced/sub/old became-a-folder linked-a; do echo old > opt/$it; done",
      "echo moved > opt/name/sub/file; chmod 640 opt/name/sub/file; chgrp 4 opt/name/sub/file",
      "cp usr/bin/true usr/local/bin/probe; ln opt/linked-a opt/linked-b; ln opt/linked-a opt/linked-c",
    ),
    "hooks/deletes": hook("rm opt/deleted opt/kept/deleted opt/linked-c"),
    "hooks/replaces": hook(
      "rm -r opt/replaced opt/became-a-file opt/became-a-folder",
      "mkdir -p opt/replaced opt/became-a-folder/in; echo new > opt/replaced/new; echo file > opt/became-a-file",
      "rm opt/linked-b; ln opt/linked-a opt/linked-b",
    ),
    "hooks/renames": hook("mv opt/name opt/renamed", 'chroot "$1" setcap cap_net_raw+ep /usr/local/bin/probe'),
  });
