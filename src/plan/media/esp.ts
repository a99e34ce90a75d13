import { from, output, scratch, shipped } from "../../command.ts";
import type { Facts } from "../facts.ts";
import type { Stage } from "../stage.ts";
import type { Identity } from "./identity.ts";
import { fatImage } from "./laying.ts";

/** The ESP of an ISO: the loaders, and the small grub.cfg that finds the medium by its marker. It waits for no layer but the first. */
export const esp = (identity: Identity, facts: Facts): Stage => ({
  name: "esp",
  revision: 1,
  bytes: 20e6,
  steps: [
    { do: "copy", from: from("loaders", "files/efi"), to: scratch("esp/EFI/boot") },
    { do: "seek", grub: shipped("grub-efi"), marker: identity.marker, to: output("grub.cfg") },
    { do: "copy", from: output("grub.cfg"), to: scratch("esp/boot/grub/grub.cfg") },
    fatImage("esp", identity, facts),
  ],
});
