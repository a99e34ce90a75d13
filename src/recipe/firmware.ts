import { codenameOf, type Codename } from "./suites.ts";

/**
 * The firmware a medium carries when its recipe says `firmware: true`: what amd64 machines can use of non-free-firmware,
 * as Debian's official live media have it, and the free firmware of main beside it.
 *
 * Left out on purpose: firmware-ipw2x00 and firmware-ivtv, whose packages refuse to install before a person accepted a
 * licence (debconf: license/accepted); firmware of other architectures' boards (raspi-firmware, firmware-qcom-soc,
 * firmware-samsung); and what only the non-free NVIDIA driver reads (firmware-nvidia-gsp and its kin).
 */
export function firmwarePackages(suite: string): readonly string[] {
  const added = since[codenameOf(suite) ?? "sid"];
  return [...always, ...added].sort();
}

const always = [
  "amd64-microcode",
  "atmel-firmware",
  "bluez-firmware",
  "dahdi-firmware-nonfree",
  "firmware-amd-graphics",
  "firmware-ast",
  "firmware-ath9k-htc",
  "firmware-atheros",
  "firmware-bnx2",
  "firmware-bnx2x",
  "firmware-brcm80211",
  "firmware-cavium",
  "firmware-intel-sound",
  "firmware-iwlwifi",
  "firmware-libertas",
  "firmware-linux-free",
  "firmware-misc-nonfree",
  "firmware-myricom",
  "firmware-netronome",
  "firmware-netxen",
  "firmware-qlogic",
  "firmware-realtek",
  "firmware-siano",
  "firmware-sof-signed",
  "firmware-ti-connectivity",
  "firmware-zd1211",
  "intel-microcode",
] as const;

/** What was split out of firmware-misc-nonfree and its kin, or packaged, after bookworm. */
const afterBookworm = [
  "firmware-carl9170",
  "firmware-cirrus",
  "firmware-intel-graphics",
  "firmware-intel-misc",
  "firmware-marvell-prestera",
  "firmware-mediatek",
  "firmware-nvidia-graphics",
  "midisport-firmware",
] as const;

const since: Readonly<Record<Codename, readonly string[]>> = {
  bookworm: [],
  trixie: afterBookworm,
  forky: afterBookworm,
  sid: afterBookworm,
};
